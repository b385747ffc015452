package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/** Memory that the card is about to read (docs/spec/pcieoe.md, section 4.5), in place. */
final class PushRecord {
  private PushRecord() {}

  /**
   * What a frame's check can say of a record that may be a fragment. A whole one that is no push is
   * dropped later, and costs nobody a rail: {@link #wellFormed}.
   *
   * @param at where the record's header begins
   */
  static boolean fragmentValid(MemorySegment segment, long at, int bodyBytes) {
    int flags = BigEndian.u8(segment, at + FrameFormat.RECORD_FLAGS_AT);
    return (flags & FrameFormat.RECORD_MORE) == 0 || bodyBytes % 4 == 0;
  }

  /** Whether a whole body is one: some bytes, all in one page. */
  static boolean wellFormed(MemorySegment segment, long body, int bodyBytes) {
    int bytes = bodyBytes - FrameFormat.PUSH_HEADER_BYTES;
    return bytes > 0 && inOnePage(address(segment, body), bytes);
  }

  /** Whether no page of 4 KiB ends inside; {@code bytes} is positive. */
  static boolean inOnePage(long address, int bytes) {
    int inPage = (int) address & FrameFormat.PUSH_BYTES_MAX - 1;
    return bytes <= FrameFormat.PUSH_BYTES_MAX - inPage;
  }

  static long address(MemorySegment segment, long body) {
    return BigEndian.i64(segment, body + FrameFormat.PUSH_ADDRESS_AT);
  }

  /** What the initiator had heard of the function when it read the bytes; see {@link #header}. */
  static int heard(MemorySegment segment, long body) {
    return BigEndian.i32(segment, body + FrameFormat.PUSH_HEARD_AT);
  }

  /**
   * Everything before the bytes.
   *
   * @param heard how many posted requests, completions and events of the function had come, modulo
   *     2^32
   */
  static void header(MemorySegment to, long body, long address, int heard) {
    BigEndian.i64(to, body + FrameFormat.PUSH_ADDRESS_AT, address);
    BigEndian.i32(to, body + FrameFormat.PUSH_HEARD_AT, heard);
  }

  /** Data credits, whether or not it is well-formed. */
  static int dataCredits(int bodyBytes) {
    int bytes = bodyBytes - FrameFormat.PUSH_HEADER_BYTES;
    return FlowCost.ofBytes(Math.clamp(bytes, 0, FrameFormat.PUSH_BYTES_MAX));
  }
}
