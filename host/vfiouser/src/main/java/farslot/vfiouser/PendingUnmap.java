package farslot.vfiouser;

import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * A DMA_UNMAP whose window is gone and whose answer waits: it is given when no DMA message for the
 * range is under way any more. (Mapped memory needs no waiting: it is read and written on the
 * loop's own thread.)
 */
final class PendingUnmap {
  private final MessagedDma messaged;
  private int flags;
  private long iova;
  private long bytes;
  private long sinceNs;

  PendingUnmap(MessagedDma messaged) {
    this.messaged = messaged;
  }

  void begin(VfioUserMessage request, long nowNs) {
    flags = request.u32(Wire.ARG_FLAGS_AT);
    iova = request.u64(Wire.UNMAP_ADDRESS_AT);
    bytes = request.u64(Wire.UNMAP_SIZE_AT);
    sinceNs = nowNs;
  }

  boolean all() {
    return flags == Wire.UNMAP_ALL;
  }

  long iova() {
    return iova;
  }

  long bytes() {
    return bytes;
  }

  long ageNs(long nowNs) {
    return nowNs - sinceNs;
  }

  boolean waits() {
    return all() ? !messaged.isIdle() : messaged.touches(iova, bytes);
  }

  /** Gives up the transfers that it waits for. */
  void abandon() {
    if (all()) {
      messaged.abandonAll();
    } else {
      messaged.abandon(iova, bytes);
    }
  }

  /** Writes the request's structure again, as its answer. */
  void put(MemorySegment to, long at) {
    to.set(VfioUserMessage.U32, at + Wire.ARGSZ_AT, Wire.UNMAP_BYTES);
    to.set(VfioUserMessage.U32, at + Wire.ARG_FLAGS_AT, flags);
    to.set(VfioUserMessage.U64, at + Wire.UNMAP_ADDRESS_AT, iova);
    to.set(VfioUserMessage.U64, at + Wire.UNMAP_SIZE_AT, bytes);
  }
}
