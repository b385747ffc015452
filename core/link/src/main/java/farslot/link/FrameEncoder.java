package farslot.link;

import java.lang.foreign.MemorySegment;

/** Writes frame and record headers in place. */
public final class FrameEncoder {
  private FrameEncoder() {}

  /**
   * Begins a frame: what stays the same however often it is sent. The length is still that of a
   * frame without a body; {@link #length} corrects it.
   */
  public static void header(MemorySegment to, long at, int type, int sessionId, int seq) {
    Wire.u16(to, at + FrameFormat.MAGIC_AT, FrameFormat.MAGIC);
    Wire.u8(to, at + FrameFormat.VERSION_AT, FrameFormat.VERSION);
    Wire.u8(to, at + FrameFormat.TYPE_AT, type);
    Wire.u16(to, at + FrameFormat.FLAGS_AT, 0);
    Wire.u16(to, at + FrameFormat.LENGTH_AT, FrameFormat.HEADER_BYTES);
    Wire.u32(to, at + FrameFormat.SESSION_AT, sessionId);
    Wire.u32(to, at + FrameFormat.SEQ_AT, seq);
    Wire.u64(to, at + FrameFormat.ACK_AT, 0);
    Wire.u64(to, at + FrameFormat.TX_TIME_AT, 0);
    Wire.u64(to, at + FrameFormat.ECHO_DELAY_AT, 0);
  }

  /** The whole frame's length, a multiple of 4. */
  public static void length(MemorySegment to, long at, int frameBytes) {
    Wire.u16(to, at + FrameFormat.LENGTH_AT, frameBytes);
  }

  /** What has arrived, told anew each time that the frame is sent. */
  public static void acknowledge(MemorySegment to, long at, int flags, int ack, int sack) {
    Wire.u16(to, at + FrameFormat.FLAGS_AT, flags);
    Wire.u32(to, at + FrameFormat.ACK_AT, ack);
    Wire.u32(to, at + FrameFormat.SACK_AT, sack);
  }

  /** When it is sent, and what it echoes; all in units of 16 ns. */
  public static void times(MemorySegment to, long at, int txTime, int echoTime, int echoDelay) {
    Wire.u32(to, at + FrameFormat.TX_TIME_AT, txTime);
    Wire.u32(to, at + FrameFormat.ECHO_TIME_AT, echoTime);
    Wire.u32(to, at + FrameFormat.ECHO_DELAY_AT, echoDelay);
  }

  /** A record's header; the body follows it, padded with zeroes to a multiple of 4. */
  public static void record(
      MemorySegment to, long at, int stream, int kind, int flags, int bodyBytes, int epochTag) {
    Wire.u16(to, at + FrameFormat.RECORD_STREAM_AT, stream);
    Wire.u8(to, at + FrameFormat.RECORD_KIND_AT, kind);
    Wire.u8(to, at + FrameFormat.RECORD_FLAGS_AT, flags);
    Wire.u16(to, at + FrameFormat.RECORD_LENGTH_AT, bodyBytes);
    Wire.u16(to, at + FrameFormat.RECORD_EPOCH_AT, epochTag);
  }
}
