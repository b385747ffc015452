package farslot.link;

/**
 * How much may be under way on one rail, and how fast it is (docs/spec/pcieoe.md, section 6.4). On
 * a rail with a flow control of its own (TCP) that one decides; this only measures and, while there
 * are other rails, keeps what waits in it short, since that could go over the others. On an
 * Ethernet this is the congestion control: it grows and shrinks as TCP's does (RFC 5681, with
 * CUBIC's factors for its Reno-friendly region, RFC 9438 4.3), so that both get about the same
 * share of a wire. Where it differs: a loss does not shrink it below what the rail has shown to
 * deliver within its shortest round trip, unless losses are so frequent that they cannot be chance.
 */
final class RailWindow {
  /** Least number of frames; with fewer the loss of one is found by a timer only. */
  private static final int FRAMES_LEAST = 4;

  private static final int FRAMES_FIRST = 10;

  /** Of 1024 bytes sent so many may be lost before it is taken for congestion in any case: 3 %. */
  private static final int LOSS_TOLERATED = 31;

  /** The measure of losses forgets half of what it knows each time that so many bytes have come. */
  private static final int LOSS_MEMORY_FRAMES = 512;

  /** Least time over which the rate is measured. */
  private static final long ROUND_NS_LEAST = 1_000_000;

  /** A queue that takes so long is not made longer. */
  private static final long QUEUE_NS_MAX = 25_000_000;

  /** While there are others so much may wait in a rail with a flow control of its own. */
  private static final long SHARED_QUEUE_NS = 8_000_000;

  /** How long a peer holds an acknowledgement back, which round trips do not show. */
  private static final long ACK_DELAY_NS = 1_000_000;

  /** With less a rail of large frames would fall idle between two acknowledgements. */
  private static final int FRAMES_SHARED_LEAST = 2;

  private static final int ROUNDS = 8;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private final RailClock clock;
  private final int frameBytes;
  private final long bytesMax;
  private final boolean governs;
  private boolean shares;
  private final long[] rates = new long[ROUNDS];
  private int round;
  private long roundSinceNs;
  private long roundBytes;
  private boolean limited;
  private long windowBytes;
  private long thresholdBytes = Long.MAX_VALUE;
  private long underWayBytes;
  private long fraction;
  private int recoveredAt;
  private boolean recovering;
  private long recentBytes;
  private long recentLostBytes;

  /**
   * @param frameBytes of a full frame
   * @param bytesMax there is never more under way
   * @param governs whether the rail has no flow control of its own
   */
  RailWindow(RailClock clock, int frameBytes, long bytesMax, boolean governs, long nowNs) {
    this.clock = clock;
    this.frameBytes = frameBytes;
    this.bytesMax = bytesMax;
    this.governs = governs;
    roundSinceNs = nowNs;
    windowBytes = governs ? FRAMES_FIRST * (long) frameBytes : bytesMax;
  }

  /** Whether the session has other rails at the moment. */
  void sharesLoad(boolean shares) {
    this.shares = shares;
    follow();
  }

  /**
   * Where the rail decides: twice what it delivers in its shortest round trip, so that more can
   * show if there is more, and a short queue.
   */
  private void follow() {
    if (!governs) {
      long ns = 2 * (clock.roundTripNsLeast() + ACK_DELAY_NS) + SHARED_QUEUE_NS;
      long bytes = FRAMES_SHARED_LEAST * (long) frameBytes + rateBytes(ns);
      windowBytes = shares ? Math.min(bytes, bytesMax) : bytesMax;
    }
  }

  /** How much more may be sent now, bytes. A rail that is empty takes a frame in any case. */
  long roomBytes() {
    return underWayBytes == 0 ? Math.max(frameBytes, windowBytes) : windowBytes - underWayBytes;
  }

  long windowBytes() {
    return windowBytes;
  }

  long underWayBytes() {
    return underWayBytes;
  }

  /** More was there to send than it took. */
  void limits() {
    limited = true;
  }

  void sent(int bytes) {
    underWayBytes += bytes;
  }

  /** Bytes that were under way will not arrive, for whatever reason. */
  void gone(int bytes) {
    underWayBytes -= bytes;
    assert underWayBytes >= 0;
  }

  /** A frame has arrived. */
  void arrived(int bytes, int place, long nowNs) {
    gone(bytes);
    roundBytes += bytes;
    recentBytes += bytes;
    if (recovering && place - recoveredAt >= 0) {
      recovering = false;
    }
    if (governs && limited && !recovering && queueNs() < QUEUE_NS_MAX) {
      grow(bytes);
    }
    if (nowNs - roundSinceNs >= Math.max(ROUND_NS_LEAST, clock.roundTripNs())) {
      endRound(nowNs);
    }
  }

  private void grow(int bytes) {
    if (windowBytes < thresholdBytes) {
      // Slow start, until a queue begins to show.
      windowBytes += bytes;
      if (queueNs() > Math.max(clock.roundTripNsLeast(), ROUND_NS_LEAST)) {
        thresholdBytes = windowBytes;
      }
    } else {
      // Half a frame for each window that has arrived: with the factor below as fast as TCP's.
      fraction += (long) bytes * frameBytes / 2;
      windowBytes += fraction / windowBytes;
      fraction %= windowBytes;
    }
    windowBytes = Math.min(windowBytes, bytesMax);
  }

  private long queueNs() {
    return clock.roundTripNs() - clock.roundTripNsLeast();
  }

  private void endRound(long nowNs) {
    long rate = roundBytes * NS_PER_SECOND / (nowNs - roundSinceNs);
    // Who had nothing more to send has not shown what the rail can do.
    if (limited || rate > bytesPerSecond()) {
      round = (round + 1) % ROUNDS;
      rates[round] = rate;
    }
    limited = false;
    roundBytes = 0;
    roundSinceNs = nowNs;
    follow();
    if (recentBytes > (long) LOSS_MEMORY_FRAMES * frameBytes) {
      recentBytes /= 2;
      recentLostBytes /= 2;
    }
  }

  /** A frame was overtaken. One reaction answers all losses of one round trip. */
  void lost(int bytes, int place, FlightQueue flight) {
    recentBytes += bytes;
    recentLostBytes += bytes;
    if (!governs || recovering && place - recoveredAt < 0) {
      return;
    }
    recovering = true;
    recoveredAt = flight.next();
    long less = windowBytes * 7 / 10;
    if (lostShare1024() <= LOSS_TOLERATED) {
      less = Math.max(less, Math.min(windowBytes, deliverableBytes()));
    }
    windowBytes = Math.max(less, least());
    thresholdBytes = windowBytes;
  }

  /** What the rail delivers in its shortest round trip. */
  private long deliverableBytes() {
    return rateBytes(clock.roundTripNsLeast());
  }

  /** What the rail delivers in such a time. */
  private long rateBytes(long ns) {
    return (long) ((double) bytesPerSecond() * ns / NS_PER_SECOND);
  }

  /** Nothing was heard in time: what is known of the rail is worth nothing for the moment. */
  void collapse() {
    if (governs) {
      thresholdBytes = Math.max(windowBytes / 2, least());
      windowBytes = least();
      recovering = false;
    }
  }

  private long least() {
    return (long) FRAMES_LEAST * frameBytes;
  }

  /** The most that it has delivered lately, bytes a second; 0 before that is known. */
  long bytesPerSecond() {
    long most = 0;
    for (long rate : rates) {
      most = Math.max(most, rate);
    }
    return most;
  }

  /** Of 1024 bytes sent lately so many were lost. */
  int lostShare1024() {
    return recentBytes == 0 ? 0 : (int) (recentLostBytes * 1024 / recentBytes);
  }
}
