package farslot.link;

/**
 * What this end owes the peer in acknowledgements over one rail (docs/spec/pcieoe.md, section 6.3).
 * Any frame that goes out there pays; if none does for a while, an ACK has to.
 */
final class AckDebt {
  /** Received frames that are acknowledged at the latest, however small. */
  static final int FRAMES_MAX = 256;

  /** Least pause between two NAKs for one gap. */
  private static final long NAK_NS_LEAST = 2_500_000;

  /** Where acknowledgements are what the peer's congestion control counts: RFC 5681, 4.2. */
  private static final int FRAMES_MAX_UNRELIABLE = 2;

  private final int framesMax;
  private final long delayNs;
  private final long bytesMax;
  private int frames;
  private long bytes;
  private long sinceNs;
  private boolean now;
  private boolean asks;
  private boolean nak;
  private int nakSeq;
  private long nakNs;

  /**
   * @param reliable whether the rail is
   * @param delayNs how long an acknowledgement may wait
   * @param peerReplayBytes size of the buffer that our acknowledgements empty
   */
  AckDebt(boolean reliable, long delayNs, int peerReplayBytes) {
    framesMax = reliable ? FRAMES_MAX : FRAMES_MAX_UNRELIABLE;
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

  /** The peer should hear from us, and answer at once. */
  void ask() {
    now = true;
    asks = true;
  }

  /** Whether the peer has to answer. */
  boolean asks() {
    return asks;
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
        || frames >= framesMax
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
    asks = false;
    nak = false;
    frames = 0;
    bytes = 0;
  }
}
