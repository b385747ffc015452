package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.fabric.LocalFunction.RegionInfo;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Answers to the questions about the device. Every region and interrupt there could be is answered
 * with success, size 0 if it does not exist: Cloud Hypervisor's client reads replies by their
 * expected size and does not look for errors.
 */
final class InfoReplies {
  private static final int BARS = 6;
  private static final int CAPS_BYTES = Wire.SPARSE_BYTES + Wire.SPARSE_AREA_BYTES;

  private final LocalFunction function;
  private final IrqCommands irqs;
  private final Replies replies;

  /** Null when doorbells are messages. */
  private final MappedDoorbells doorbells;

  InfoReplies(
      LocalFunction function, IrqCommands irqs, Replies replies, MappedDoorbells doorbells) {
    this.function = function;
    this.irqs = irqs;
    this.replies = replies;
    this.doorbells = doorbells;
  }

  void device(VfioUserMessage request) {
    long at = replies.begin(request, Wire.INFO_BYTES);
    put(at, Wire.ARGSZ_AT, Wire.INFO_BYTES);
    put(at, Wire.ARG_FLAGS_AT, Wire.INFO_RESET | Wire.INFO_PCI);
    put(at, Wire.INFO_REGIONS_AT, LocalFunction.REGION_COUNT);
    put(at, Wire.INFO_IRQS_AT, LocalFunction.IRQ_COUNT);
  }

  Refusal region(VfioUserMessage request) {
    int index = request.u32(Wire.REGION_INFO_INDEX_AT);
    if (!isRegion(index)) {
      return Refusal.INDEX;
    }
    int argsz = request.u32(Wire.ARGSZ_AT);
    boolean mapped = doorbells != null && index == MappedDoorbells.BAR;
    int need = Wire.REGION_INFO_BYTES + (mapped ? CAPS_BYTES : 0);
    boolean whole = Integer.compareUnsigned(argsz, need) >= 0;
    if (mapped && !request.noReply()) {
      // Each time, also when the capability does not fit: clients ask twice and keep the second.
      replies.attach(doorbells.fd());
    }
    RegionInfo info = function.region(index);
    long at = replies.begin(request, whole ? need : Wire.REGION_INFO_BYTES);
    put(at, Wire.ARGSZ_AT, need);
    put(at, Wire.ARG_FLAGS_AT, flags(index, info, mapped));
    put(at, Wire.REGION_INFO_INDEX_AT, index);
    put(at, Wire.REGION_INFO_CAPS_AT, mapped && whole ? Wire.REGION_INFO_BYTES : 0);
    putLong(at, Wire.REGION_INFO_SIZE_AT, info.sizeBytes());
    putLong(at, Wire.REGION_INFO_OFFSET_AT, 0);
    if (mapped && whole) {
      sparse(at + Wire.REGION_INFO_BYTES);
    }
    return Refusal.NONE;
  }

  /** No region has an eventfd or shared memory in place of its messages. */
  Refusal ioFds(VfioUserMessage request) {
    int index = request.u32(Wire.IO_FDS_INDEX_AT);
    if (!isRegion(index)) {
      return Refusal.INDEX;
    }
    long at = replies.begin(request, Wire.IO_FDS_BYTES);
    put(at, Wire.ARGSZ_AT, Wire.IO_FDS_BYTES);
    put(at, Wire.ARG_FLAGS_AT, 0);
    put(at, Wire.IO_FDS_INDEX_AT, index);
    put(at, Wire.IO_FDS_COUNT_AT, 0);
    return Refusal.NONE;
  }

  Refusal irq(VfioUserMessage request) {
    int index = request.u32(Wire.IRQ_INFO_INDEX_AT);
    if (index < 0 || index >= LocalFunction.IRQ_COUNT) {
      return Refusal.INDEX;
    }
    long at = replies.begin(request, Wire.IRQ_INFO_BYTES);
    put(at, Wire.ARGSZ_AT, Wire.IRQ_INFO_BYTES);
    put(at, Wire.ARG_FLAGS_AT, IrqCommands.flags(index));
    put(at, Wire.IRQ_INFO_INDEX_AT, index);
    put(at, Wire.IRQ_INFO_COUNT_AT, irqs.count(index));
    return Refusal.NONE;
  }

  static boolean isRegion(int index) {
    return index >= 0 && index < LocalFunction.REGION_COUNT;
  }

  private void sparse(long at) {
    putLong(at, 0, Wire.SPARSE_ID | Wire.SPARSE_VERSION << 16);
    put(at, Wire.SPARSE_COUNT_AT, 1);
    put(at, Wire.SPARSE_COUNT_AT + Integer.BYTES, 0);
    putLong(at, Wire.SPARSE_BYTES, MappedDoorbells.FIRST_AT);
    putLong(at, Wire.SPARSE_BYTES + Long.BYTES, doorbells.areaBytes());
  }

  private static int flags(int index, RegionInfo info, boolean mapped) {
    if (info.sizeBytes() == 0) {
      return 0;
    }
    boolean writable = index < BARS || index == LocalFunction.REGION_CONFIG;
    return Wire.REGION_READABLE
        | (writable ? Wire.REGION_WRITABLE : 0)
        | (mapped ? Wire.REGION_MMAP | Wire.REGION_CAPS : 0);
  }

  private void put(long at, int field, int value) {
    segment().set(VfioUserMessage.U32, at + field, value);
  }

  private void putLong(long at, int field, long value) {
    segment().set(VfioUserMessage.U64, at + field, value);
  }

  private MemorySegment segment() {
    return replies.segment();
  }
}
