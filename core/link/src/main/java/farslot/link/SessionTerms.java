package farslot.link;

/**
 * What both ends agreed on when a session began; it stays so for the session's life.
 *
 * @param dials whether this is the initiator's end
 * @param capabilities what both ends can do, {@link FrameFormat#CAPABILITY_SACK} and so on
 * @param peerReplayBytes size of the peer's replay buffer
 * @param reorderFrames DATA frames from the one expected on that this end keeps
 * @param peerReorderFrames DATA frames from the one it expects on that the peer keeps
 */
record SessionTerms(
    boolean dials,
    LinkPeer peer,
    int capabilities,
    long tokenHigh,
    long tokenLow,
    int frameBytesMax,
    int payloadBytesMax,
    int readRequestBytesMax,
    int replayBytes,
    int peerReplayBytes,
    int reorderFrames,
    int peerReorderFrames,
    int streamsMax,
    long holdNs,
    long keepAliveNs,
    long silenceNs,
    long ackDelayNs) {
  /** Both directions begin with this DATA frame. */
  static final int FIRST_SEQ = 1;

  private static final long MS = 1_000_000;

  /** From what this end said and what the other did. */
  static SessionTerms of(
      boolean dials, LinkConfig config, Hello ours, Hello theirs, long tokenHigh, long tokenLow) {
    LinkTimers timers = config.timers();
    long theirSilenceNs = Math.max(1, Integer.toUnsignedLong(theirs.silenceMs())) * MS;
    return new SessionTerms(
        dials,
        theirs.peer(),
        ours.capabilities() & theirs.capabilities(),
        tokenHigh,
        tokenLow,
        Math.min(ours.frameBytesMax(), theirs.frameBytesMax()),
        Math.min(ours.payloadBytesMax(), theirs.payloadBytesMax()),
        Math.min(ours.readRequestBytesMax(), theirs.readRequestBytesMax()),
        config.sizes().replayBytes(),
        Math.max(4 * FrameFormat.FRAME_BYTES_LEAST, theirs.replayBytes()),
        ours.reorderFrames(),
        theirs.reorderFrames(),
        config.sizes().streamsMax(),
        Math.min(timers.holdNs(), Integer.toUnsignedLong(theirs.holdMs()) * MS),
        Math.min(timers.keepAliveNs(), theirSilenceNs / 4),
        timers.silenceNs(),
        timers.ackDelayNs());
  }

  /** Whether frames that come after a gap are kept and said to be there. */
  boolean sack() {
    return (capabilities & FrameFormat.CAPABILITY_SACK) != 0;
  }

  /** Whether the session may use several rails at once. */
  boolean rails() {
    return sack() && (capabilities & FrameFormat.CAPABILITY_RAILS) != 0;
  }

  /** Whether the appliance takes memory that the initiator sends unasked. */
  boolean push() {
    return (capabilities & FrameFormat.CAPABILITY_PUSH) != 0;
  }

  /** Whether the initiator takes the values of registers. */
  boolean event() {
    return (capabilities & FrameFormat.CAPABILITY_EVENT) != 0;
  }

  /** What is wrong with a rail that does not take the session's frames, and what to do about it. */
  String tooSmall(int railBytes) {
    return ("this rail takes frames of %d bytes, the session's have up to %d: make the path's MTU"
            + " larger, or restart the initiator with 'frame-bytes: %d'")
        .formatted(railBytes, frameBytesMax, railBytes & ~3);
  }

  boolean tokenIs(long high, long low) {
    return same(high, low, tokenHigh, tokenLow);
  }

  static boolean sameToken(Hello one, Hello other) {
    return same(one.tokenHigh(), one.tokenLow(), other.tokenHigh(), other.tokenLow());
  }

  /** Compares without telling by its duration how much was right. */
  private static boolean same(long high, long low, long otherHigh, long otherLow) {
    return ((high ^ otherHigh) | (low ^ otherLow)) == 0;
  }
}
