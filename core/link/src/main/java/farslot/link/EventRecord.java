package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/** What registers hold, told unasked (docs/spec/pcieoe.md, section 4.6), in place. */
final class EventRecord {
  /** The size of a range where writes are harmless. */
  private static final int SIZE_BYTES = 4;

  private static final int BARS = 6;

  private EventRecord() {}

  static boolean wellFormed(MemorySegment segment, long body, int bodyBytes) {
    int bytes = bodyBytes - FrameFormat.EVENT_HEADER_BYTES;
    if (bytes <= 0 || BigEndian.u8(segment, body + FrameFormat.EVENT_BAR_AT) >= BARS) {
      return false;
    }
    return harmless(segment, body)
        ? bytes == SIZE_BYTES
            && size(segment, body) > 0
            && inBar(segment, body, size(segment, body))
        : bytes <= FrameFormat.EVENT_BYTES_MAX && inBar(segment, body, bytes);
  }

  private static boolean inBar(MemorySegment segment, long body, long bytes) {
    return offset(segment, body) + bytes <= 1L << 32;
  }

  static boolean harmless(MemorySegment segment, long body) {
    int flags = BigEndian.u8(segment, body + FrameFormat.EVENT_FLAGS_AT);
    return (flags & FrameFormat.EVENT_HARMLESS) != 0;
  }

  static int bar(MemorySegment segment, long body) {
    return BigEndian.u8(segment, body + FrameFormat.EVENT_BAR_AT);
  }

  static int changes(MemorySegment segment, long body) {
    return BigEndian.i32(segment, body + FrameFormat.EVENT_CHANGES_AT);
  }

  static long offset(MemorySegment segment, long body) {
    return Integer.toUnsignedLong(BigEndian.i32(segment, body + FrameFormat.EVENT_OFFSET_AT));
  }

  /** Of the range, with {@link #harmless}. */
  static long size(MemorySegment segment, long body) {
    return Integer.toUnsignedLong(BigEndian.i32(segment, body + FrameFormat.EVENT_HEADER_BYTES));
  }

  /** Everything before the values. */
  static void header(MemorySegment to, long body, int bar, int flags, int changes, long offset) {
    BigEndian.u8(to, body + FrameFormat.EVENT_BAR_AT, bar);
    BigEndian.u8(to, body + FrameFormat.EVENT_FLAGS_AT, flags);
    BigEndian.u16(to, body + FrameFormat.EVENT_FLAGS_AT + 1, 0);
    BigEndian.i32(to, body + FrameFormat.EVENT_CHANGES_AT, changes);
    BigEndian.i32(to, body + FrameFormat.EVENT_OFFSET_AT, (int) offset);
  }

  static int dataCredits(int bodyBytes) {
    return FlowCost.ofBytes(bodyBytes - FrameFormat.EVENT_HEADER_BYTES);
  }
}
