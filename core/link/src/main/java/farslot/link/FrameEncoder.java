package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/** Writes frame and record headers in place. */
public final class FrameEncoder {
  private FrameEncoder() {}

  /**
   * Begins a frame: what stays the same however often it is sent. The length is still that of a
   * frame without a body; {@link #length} corrects it.
   */
  public static void header(MemorySegment to, long at, int type, int sessionId, int seq) {
    BigEndian.u16(to, at + FrameFormat.MAGIC_AT, FrameFormat.MAGIC);
    BigEndian.u8(to, at + FrameFormat.VERSION_AT, FrameFormat.VERSION);
    BigEndian.u8(to, at + FrameFormat.TYPE_AT, type);
    BigEndian.u16(to, at + FrameFormat.FLAGS_AT, 0);
    BigEndian.u16(to, at + FrameFormat.LENGTH_AT, FrameFormat.HEADER_BYTES);
    BigEndian.i32(to, at + FrameFormat.SESSION_AT, sessionId);
    BigEndian.i32(to, at + FrameFormat.SEQ_AT, seq);
    BigEndian.i64(to, at + FrameFormat.ACK_AT, 0);
    BigEndian.i64(to, at + FrameFormat.TX_TIME_AT, 0);
    BigEndian.i64(to, at + FrameFormat.ECHO_DELAY_AT, 0);
  }

  /** The whole frame's length, a multiple of 4. */
  public static void length(MemorySegment to, long at, int frameBytes) {
    BigEndian.u16(to, at + FrameFormat.LENGTH_AT, frameBytes);
  }

  /**
   * A whole REFUSE for who has no session, on a reliable rail; returns its length. For carriers
   * that refuse somebody before there is a rail.
   */
  public static int refuse(MemorySegment to, long at, RefuseCode code, String text) {
    header(to, at, FrameFormat.REFUSE, 0, 0);
    int bytes =
        FrameFormat.HEADER_BYTES
            + new Farewell(code, text).write(to, at + FrameFormat.HEADER_BYTES);
    length(to, at, bytes);
    BigEndian.i32(to, at + FrameFormat.CRC_AT, 0);
    return bytes;
  }

  /** What has arrived, told anew each time that the frame is sent. */
  public static void acknowledge(MemorySegment to, long at, int flags, int ack, int sack) {
    BigEndian.u16(to, at + FrameFormat.FLAGS_AT, flags);
    BigEndian.i32(to, at + FrameFormat.ACK_AT, ack);
    BigEndian.i32(to, at + FrameFormat.SACK_AT, sack);
  }

  /** When it is sent, and what it echoes; all in units of 16 ns. */
  public static void times(MemorySegment to, long at, int txTime, int echoTime, int echoDelay) {
    BigEndian.i32(to, at + FrameFormat.TX_TIME_AT, txTime);
    BigEndian.i32(to, at + FrameFormat.ECHO_TIME_AT, echoTime);
    BigEndian.i32(to, at + FrameFormat.ECHO_DELAY_AT, echoDelay);
  }

  /** A record's header; the body follows it, padded with zeroes to a multiple of 4. */
  public static void record(
      MemorySegment to, long at, int stream, int kind, int flags, int bodyBytes, int epochTag) {
    BigEndian.u16(to, at + FrameFormat.RECORD_STREAM_AT, stream);
    BigEndian.u8(to, at + FrameFormat.RECORD_KIND_AT, kind);
    BigEndian.u8(to, at + FrameFormat.RECORD_FLAGS_AT, flags);
    BigEndian.u16(to, at + FrameFormat.RECORD_LENGTH_AT, bodyBytes);
    BigEndian.u16(to, at + FrameFormat.RECORD_EPOCH_AT, epochTag);
  }
}
