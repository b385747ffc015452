package farslot.link;

/**
 * How large things are.
 *
 * @param frameBytesMax largest frame sent or accepted, bytes: {@link FrameFormat#FRAME_BYTES_LEAST}
 *     to {@link FrameFormat#FRAME_BYTES_MAX}, a multiple of 4; a session uses the smaller of both
 *     ends'
 * @param payloadBytesMax Max_Payload_Size: 128 to 4096, a power of two
 * @param readRequestBytesMax Max_Read_Request_Size: 128 to 4096, a power of two
 * @param replayBytes size of the buffer that holds what is not acknowledged yet, a session
 * @param sessionsMax most sessions that an acceptor serves, and most rails that shake hands
 * @param streamsMax most streams in a session, 1 to 65535
 */
public record LinkSizes(
    int frameBytesMax,
    int payloadBytesMax,
    int readRequestBytesMax,
    int replayBytes,
    int sessionsMax,
    int streamsMax) {
  /** What suits a data centre's network. */
  public static final LinkSizes USUAL =
      new LinkSizes(FrameFormat.FRAME_BYTES_USUAL, 4096, 4096, 2 << 20, 64, 4096);

  public LinkSizes {
    require(
        frameBytesMax >= FrameFormat.FRAME_BYTES_LEAST
            && frameBytesMax <= FrameFormat.FRAME_BYTES_MAX
            && frameBytesMax % 4 == 0,
        "frameBytesMax",
        frameBytesMax);
    require(FrameFormat.payloadSizeValid(payloadBytesMax), "payloadBytesMax", payloadBytesMax);
    require(
        FrameFormat.payloadSizeValid(readRequestBytesMax),
        "readRequestBytesMax",
        readRequestBytesMax);
    require(
        replayBytes >= ReplayRing.BYTES_MIN && replayBytes <= 1 << 30, "replayBytes", replayBytes);
    require(sessionsMax > 0, "sessionsMax", sessionsMax);
    require(streamsMax > 0 && streamsMax <= 65535, "streamsMax", streamsMax);
  }

  /** With another size of frame. */
  public LinkSizes withFrameBytesMax(int bytes) {
    return new LinkSizes(
        bytes, payloadBytesMax, readRequestBytesMax, replayBytes, sessionsMax, streamsMax);
  }

  /** With another size of the replay buffer. */
  public LinkSizes withReplayBytes(int bytes) {
    return new LinkSizes(
        frameBytesMax, payloadBytesMax, readRequestBytesMax, bytes, sessionsMax, streamsMax);
  }

  /** With another MPS and MRRS. */
  public LinkSizes withPayload(int payloadBytesMax, int readRequestBytesMax) {
    return new LinkSizes(
        frameBytesMax, payloadBytesMax, readRequestBytesMax, replayBytes, sessionsMax, streamsMax);
  }

  /** With other bounds on how much is served. */
  public LinkSizes withBounds(int sessionsMax, int streamsMax) {
    return new LinkSizes(
        frameBytesMax, payloadBytesMax, readRequestBytesMax, replayBytes, sessionsMax, streamsMax);
  }

  private static void require(boolean holds, String what, long value) {
    if (!holds) {
      throw new IllegalArgumentException("link: " + what + " out of range: " + value);
    }
  }
}
