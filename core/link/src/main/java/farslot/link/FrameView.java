package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * A frame read where it lies, and a cursor over its records. {@link FrameCheck} makes every
 * accessor safe; {@link #wrap} costs nothing, so that one view serves a thread for its life.
 */
public final class FrameView {
  private MemorySegment segment;
  private long offset;
  private long end;
  private long record;
  private long nextRecord;

  /**
   * Length of the frame that begins here, for carriers that have to cut a byte stream.
   *
   * @param available bytes that have arrived
   * @param frameBytesMax longest frame that the rail takes
   * @return the frame's length; 0 when fewer than {@link FrameFormat#PREAMBLE_BYTES} bytes have
   *     arrived; -1 when no frame begins here, and {@link FrameCheck#preamble} says why
   */
  public static int frameBytes(
      MemorySegment segment, long offset, long available, int frameBytesMax) {
    if (available < FrameFormat.PREAMBLE_BYTES) {
      return 0;
    }
    return FrameCheck.preamble(segment, offset, frameBytesMax) == null
        ? BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT)
        : -1;
  }

  /**
   * Looks at a checked frame, which is as long as it says; what a carrier padded it with is not
   * looked at. The cursor stands before the first record.
   */
  public FrameView wrap(MemorySegment segment, long offset) {
    this.segment = segment;
    this.offset = offset;
    end = offset + BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT);
    nextRecord = offset + FrameFormat.HEADER_BYTES;
    return this;
  }

  /** Where it begins in {@link #segment()}. */
  public long offset() {
    return offset;
  }

  /** The segment wrapped. */
  public MemorySegment segment() {
    return segment;
  }

  /** Major version, 0 to 15. */
  public int versionMajor() {
    return BigEndian.u8(segment, offset + FrameFormat.VERSION_AT) >> 4;
  }

  /** {@link FrameFormat#HELLO} and so on. */
  public int type() {
    return BigEndian.u8(segment, offset + FrameFormat.TYPE_AT);
  }

  /** {@link FrameFormat#FLAG_CRC} and so on. */
  public int flags() {
    return BigEndian.u16(segment, offset + FrameFormat.FLAGS_AT);
  }

  public int frameBytes() {
    return (int) (end - offset);
  }

  public int sessionId() {
    return BigEndian.i32(segment, offset + FrameFormat.SESSION_AT);
  }

  /** DATA: this frame's number. Other types: that of the DATA frame which the sender sends next. */
  public int seq() {
    return BigEndian.i32(segment, offset + FrameFormat.SEQ_AT);
  }

  /** The DATA frame that the sender expects next; it has all before. */
  public int ack() {
    return BigEndian.i32(segment, offset + FrameFormat.ACK_AT);
  }

  /** Bit n: the sender has frame {@code ack + 1 + n} as well. */
  public int sack() {
    return BigEndian.i32(segment, offset + FrameFormat.SACK_AT);
  }

  /** The sender's clock when it sent this, in units of 16 ns. */
  public int txTime() {
    return BigEndian.i32(segment, offset + FrameFormat.TX_TIME_AT);
  }

  /** The txTime of the last frame that the sender had received on this rail. */
  public int echoTime() {
    return BigEndian.i32(segment, offset + FrameFormat.ECHO_TIME_AT);
  }

  /** How long ago that was when it sent this, in units of 16 ns. */
  public int echoDelay() {
    return BigEndian.i32(segment, offset + FrameFormat.ECHO_DELAY_AT);
  }

  /** Where the body of a handshake frame begins in {@link #segment()}. */
  public long frameBodyOffset() {
    return offset + FrameFormat.HEADER_BYTES;
  }

  /** Moves to the next record of a DATA frame; false at the end. */
  public boolean nextRecord() {
    if (nextRecord >= end) {
      return false;
    }
    record = nextRecord;
    nextRecord += FrameFormat.RECORD_HEADER_BYTES + FrameFormat.padded(bodyBytes());
    return true;
  }

  /** The record's stream, 0 for the session itself. */
  public int stream() {
    return BigEndian.u16(segment, record + FrameFormat.RECORD_STREAM_AT);
  }

  /** {@link FrameFormat#TLP} and so on. */
  public int kind() {
    return BigEndian.u8(segment, record + FrameFormat.RECORD_KIND_AT);
  }

  /** Whether the record's TLP or PUSH goes on in the next record. */
  public boolean more() {
    return (BigEndian.u8(segment, record + FrameFormat.RECORD_FLAGS_AT) & FrameFormat.RECORD_MORE)
        != 0;
  }

  /** Whether a PUSH is of memory that is the card's until it gives it back. */
  public boolean steady() {
    return (BigEndian.u8(segment, record + FrameFormat.RECORD_FLAGS_AT) & FrameFormat.RECORD_STEADY)
        != 0;
  }

  /** Low 16 bits of the assignment's epoch. */
  public int epochTag() {
    return BigEndian.u16(segment, record + FrameFormat.RECORD_EPOCH_AT);
  }

  /** Where the record's body begins in {@link #segment()}. */
  public long bodyOffset() {
    return record + FrameFormat.RECORD_HEADER_BYTES;
  }

  /** The record's body without padding. */
  public int bodyBytes() {
    return BigEndian.u16(segment, record + FrameFormat.RECORD_LENGTH_AT);
  }
}
