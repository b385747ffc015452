package farslot.link;

/**
 * What this end owes the peer in acknowledgements (docs/spec/pcieoe.md, section 6). Any frame that
 * goes out pays; if none does for a while, an ACK has to.
 */
final class AckDebt {
  /** Received frames that are acknowledged at the latest, however small. */
  static final int FRAMES_MAX = 256;

  /** Least pause between two NAKs for one gap. */
  private static final long NAK_NS_LEAST = 2_500_000;

  private final long delayNs;
  private final long bytesMax;
  private int frames;
  private long bytes;
  private long sinceNs;
  private boolean now;
  private boolean nak;
  private int nakSeq;
  private long nakNs;

  /**
   * @param delayNs how long an acknowledgement may wait
   * @param peerReplayBytes size of the buffer that our acknowledgements empty
   */
  AckDebt(long delayNs, int peerReplayBytes) {
    this.delayNs = delayNs;
    bytesMax = peerReplayBytes / 4;
  }

  /** A DATA frame was accepted. */
  void received(int frameBytes, long nowNs) {
    if (frames == 0) {
      sinceNs = nowNs;
    }
    frames++;
    bytes += frameBytes;
  }

  /** The peer should hear from us in any case. */
  void now() {
    now = true;
  }

  /**
   * Frames are missing from {@code expected} on; not said again before the peer could have acted.
   */
  void gap(int expected, long roundTripNs, long nowNs) {
    if (nakSeq != expected || nowNs - nakNs > Math.max(2 * roundTripNs, NAK_NS_LEAST)) {
      nakSeq = expected;
      nakNs = nowNs;
      nak = true;
    }
  }

  /** Whether what is owed includes a NAK, which only an ACK frame can say. */
  boolean nak() {
    return nak;
  }

  /** Whether an ACK has to go out by itself. */
  boolean due(long nowNs) {
    return now
        || nak
        || frames >= FRAMES_MAX
        || bytes >= bytesMax
        || frames > 0 && nowNs - sinceNs >= delayNs;
  }

  /** When the delay is over; {@link Long#MAX_VALUE} when nothing is owed. */
  long deadlineNs() {
    return frames > 0 ? sinceNs + delayNs : Long.MAX_VALUE;
  }

  /** The peer has been told all. */
  void settle() {
    now = false;
    nak = false;
    frames = 0;
    bytes = 0;
  }
}
