package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sgl;
import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** Scatter gather lists (Base 4.1.2): data blocks, bit buckets, segments, last segments. */
final class SglWalker implements Walker {
  private int left;
  private boolean toHost;
  private int descriptors;

  /** The segment being read: what is left of it, and whether another may follow. */
  private long segmentAddress;

  private long segmentBytes;
  private boolean last;
  private int listBytes;

  /**
   * Begins.
   *
   * @param descriptor SGL1 of the command
   * @param toHost direction of the transfer: bit buckets only swallow what goes to the host
   */
  int begin(MemorySegment sqe, long descriptor, int bytes, boolean toHost, ScatterList out) {
    left = bytes;
    this.toHost = toHost;
    descriptors = 0;
    last = false;
    segmentBytes = 0;
    int result = descriptor(sqe, descriptor, true, out);
    return result == DONE && left > 0 ? Status.DATA_SGL_LENGTH_INVALID : result;
  }

  @Override
  public int next(MemorySegment list, ScatterList out) {
    segmentAddress += listBytes;
    segmentBytes -= listBytes;
    for (int at = 0; at < listBytes && left > 0; at += Sgl.BYTES) {
      boolean lastOfSegment = segmentBytes == 0 && at == listBytes - Sgl.BYTES;
      int result = descriptor(list, at, lastOfSegment, out);
      if (result != DONE) {
        return result;
      }
    }
    if (left == 0) {
      return DONE;
    }
    if (segmentBytes > 0) {
      return ask();
    }
    // A segment that is not the last ends with the descriptor of the next one.
    return last ? Status.DATA_SGL_LENGTH_INVALID : Status.INVALID_SGL_SEGMENT;
  }

  private int descriptor(MemorySegment s, long at, boolean lastOfSegment, ScatterList out) {
    if (++descriptors > NvmeLimits.SGL_DESCRIPTORS_MAX) {
      return Status.INVALID_SGL_COUNT;
    }
    int identifier = LittleEndian.u8(s, at + Sgl.IDENTIFIER);
    if ((identifier & 0xF) != 0) {
      return Status.SGL_TYPE_INVALID;
    }
    long bytes = LittleEndian.u32(s, at + Sgl.LENGTH);
    long address = LittleEndian.i64(s, at + Sgl.ADDRESS);
    return switch (identifier >> 4) {
      case Sgl.DATA_BLOCK -> data(address, bytes, out);
      case Sgl.BIT_BUCKET -> bucket(bytes, out);
      case Sgl.SEGMENT -> segment(address, bytes, lastOfSegment, false);
      case Sgl.LAST_SEGMENT -> segment(address, bytes, lastOfSegment, true);
      default -> Status.SGL_TYPE_INVALID;
    };
  }

  private int data(long address, long bytes, ScatterList out) {
    int taken = (int) Math.min(bytes, left);
    left -= taken;
    return taken == 0 || out.add(address, taken) ? DONE : Status.INVALID_SGL_COUNT;
  }

  private int bucket(long bytes, ScatterList out) {
    if (!toHost) {
      return DONE;
    }
    int taken = (int) Math.min(bytes, left);
    left -= taken;
    return taken == 0 || out.addDiscarded(taken) ? DONE : Status.INVALID_SGL_COUNT;
  }

  private int segment(long address, long bytes, boolean lastOfSegment, boolean isLast) {
    if (last || !lastOfSegment || bytes == 0 || bytes % Sgl.BYTES != 0) {
      return Status.INVALID_SGL_SEGMENT;
    }
    last = isLast;
    segmentAddress = address;
    segmentBytes = bytes;
    return ask();
  }

  private int ask() {
    listBytes = (int) Math.min(segmentBytes, NvmeLimits.LIST_BYTES);
    return NEED_LIST;
  }

  @Override
  public long listAddress() {
    return segmentAddress;
  }

  @Override
  public int listBytes() {
    return listBytes;
  }
}
