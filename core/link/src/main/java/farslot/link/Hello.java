package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The body of HELLO and WELCOME (docs/spec/pcieoe.md, section 5.2): what an end can do and who it
 * is. The frame's header says which session is meant, 0 for a new one, and where it goes on.
 *
 * @param capabilities bits; what both ends have is used
 * @param frameBytesMax largest frame that the sender takes
 * @param payloadBytesMax Max_Payload_Size
 * @param readRequestBytesMax Max_Read_Request_Size
 * @param reorderFrames DATA frames, counted from the one expected, that the sender keeps when they
 *     come out of order; 0 without SACK
 * @param replayBytes size of the sender's replay buffer: acknowledge well before so much has come
 * @param holdMs how long the sender keeps a session without a rail
 * @param silenceMs after how long without a frame the sender gives a rail up
 * @param instanceId drawn at random when the sender started
 * @param tokenHigh first half of the session's token; 0 in a HELLO for a new session
 * @param tokenLow second half
 * @param rail number of the path that this rail belongs to, 0 to {@link FrameFormat#RAILS_MAX} - 1
 * @param nodeName who the sender is
 */
record Hello(
    int capabilities,
    int frameBytesMax,
    int payloadBytesMax,
    int readRequestBytesMax,
    int reorderFrames,
    int replayBytes,
    int holdMs,
    int silenceMs,
    long instanceId,
    long tokenHigh,
    long tokenLow,
    int rail,
    String nodeName) {
  static final int CAPABILITIES_AT = 0;
  static final int FRAME_BYTES_AT = 4;
  static final int PAYLOAD_AT = 6;
  static final int READ_REQUEST_AT = 8;
  static final int REORDER_AT = 10;
  static final int REPLAY_AT = 12;
  static final int HOLD_AT = 16;
  static final int SILENCE_AT = 20;
  static final int INSTANCE_AT = 24;
  static final int TOKEN_AT = 32;
  static final int NAME_BYTES_AT = 48;
  static final int RAIL_AT = 49;
  static final int NAME_AT = 52;

  /**
   * What {@code config}'s owner says about itself over a rail that takes such frames.
   *
   * @param rail number of the path
   */
  static Hello of(
      LinkConfig config, int railFrameBytesMax, int rail, long tokenHigh, long tokenLow) {
    LinkSizes sizes = config.sizes();
    int frameBytesMax = Math.min(sizes.frameBytesMax(), railFrameBytesMax & ~3);
    return new Hello(
        config.capabilities(),
        frameBytesMax,
        sizes.payloadBytesMax(),
        sizes.readRequestBytesMax(),
        (config.capabilities() & FrameFormat.CAPABILITY_SACK) == 0
            ? 0
            : ReorderBuffer.framesMax(frameBytesMax),
        sizes.replayBytes(),
        (int) (config.timers().holdNs() / 1_000_000),
        (int) (config.timers().silenceNs() / 1_000_000),
        config.instanceId(),
        tokenHigh,
        tokenLow,
        rail,
        config.nodeName());
  }

  LinkPeer peer() {
    return new LinkPeer(nodeName, instanceId);
  }

  /** Whether the sizes are such that a session is possible. */
  boolean sizesValid() {
    return frameBytesMax >= FrameFormat.FRAME_BYTES_LEAST
        && frameBytesMax % 4 == 0
        && FrameFormat.payloadSizeValid(payloadBytesMax)
        && FrameFormat.payloadSizeValid(readRequestBytesMax);
  }

  static boolean wellFormed(MemorySegment segment, long at, int bytes) {
    if (bytes < NAME_AT) {
      return false;
    }
    int nameBytes = BigEndian.u8(segment, at + NAME_BYTES_AT);
    return bytes >= NAME_AT + nameBytes
        && Words.readName(segment, at + NAME_AT, nameBytes).isPresent();
  }

  static Hello read(FrameView frame) {
    MemorySegment from = frame.segment();
    long at = frame.frameBodyOffset();
    return new Hello(
        BigEndian.i32(from, at + CAPABILITIES_AT),
        BigEndian.u16(from, at + FRAME_BYTES_AT),
        BigEndian.u16(from, at + PAYLOAD_AT),
        BigEndian.u16(from, at + READ_REQUEST_AT),
        BigEndian.u16(from, at + REORDER_AT),
        BigEndian.i32(from, at + REPLAY_AT),
        BigEndian.i32(from, at + HOLD_AT),
        BigEndian.i32(from, at + SILENCE_AT),
        BigEndian.i64(from, at + INSTANCE_AT),
        BigEndian.i64(from, at + TOKEN_AT),
        BigEndian.i64(from, at + TOKEN_AT + 8),
        BigEndian.u8(from, at + RAIL_AT),
        Words.readName(from, at + NAME_AT, BigEndian.u8(from, at + NAME_BYTES_AT)).orElseThrow());
  }

  /** Puts the body at {@code at} and returns its length, padded. */
  int write(MemorySegment to, long at) {
    byte[] name = nodeName.getBytes(StandardCharsets.UTF_8);
    int bytes = FrameFormat.padded(NAME_AT + name.length);
    to.asSlice(at, bytes).fill((byte) 0);
    BigEndian.i32(to, at + CAPABILITIES_AT, capabilities);
    BigEndian.u16(to, at + FRAME_BYTES_AT, frameBytesMax);
    BigEndian.u16(to, at + PAYLOAD_AT, payloadBytesMax);
    BigEndian.u16(to, at + READ_REQUEST_AT, readRequestBytesMax);
    BigEndian.u16(to, at + REORDER_AT, reorderFrames);
    BigEndian.i32(to, at + REPLAY_AT, replayBytes);
    BigEndian.i32(to, at + HOLD_AT, holdMs);
    BigEndian.i32(to, at + SILENCE_AT, silenceMs);
    BigEndian.i64(to, at + INSTANCE_AT, instanceId);
    BigEndian.i64(to, at + TOKEN_AT, tokenHigh);
    BigEndian.i64(to, at + TOKEN_AT + 8, tokenLow);
    BigEndian.u8(to, at + NAME_BYTES_AT, name.length);
    BigEndian.u8(to, at + RAIL_AT, rail);
    MemorySegment.copy(MemorySegment.ofArray(name), 0, to, at + NAME_AT, name.length);
    return bytes;
  }
}
