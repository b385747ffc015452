package farslot.link;

/**
 * What both ends agreed on when a session began; it stays so for the session's life.
 *
 * @param dials whether this is the initiator's end
 * @param peerReplayBytes size of the peer's replay buffer
 */
record SessionTerms(
    boolean dials,
    LinkPeer peer,
    long tokenHigh,
    long tokenLow,
    int frameBytesMax,
    int payloadBytesMax,
    int readRequestBytesMax,
    int replayBytes,
    int peerReplayBytes,
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
        tokenHigh,
        tokenLow,
        Math.min(ours.frameBytesMax(), theirs.frameBytesMax()),
        Math.min(ours.payloadBytesMax(), theirs.payloadBytesMax()),
        Math.min(ours.readRequestBytesMax(), theirs.readRequestBytesMax()),
        config.sizes().replayBytes(),
        Math.max(4 * FrameFormat.FRAME_BYTES_LEAST, theirs.replayBytes()),
        config.sizes().streamsMax(),
        Math.min(timers.holdNs(), Integer.toUnsignedLong(theirs.holdMs()) * MS),
        Math.min(timers.keepAliveNs(), theirSilenceNs / 4),
        timers.silenceNs(),
        timers.ackDelayNs());
  }

  /** Compares without telling by its duration how much was right. */
  boolean tokenIs(long high, long low) {
    return ((high ^ tokenHigh) | (low ^ tokenLow)) == 0;
  }
}
