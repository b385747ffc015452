package farslot.link;

/**
 * One rail in a session: what is under way on it, how much may be, what is owed to the peer over
 * it, and whether it works.
 */
final class SessionRail {
  private static final long MS = 1_000_000;

  /** Without any round trip measured. */
  private static final long TIMEOUT_NS_FIRST = 10 * MS;

  /** No time is longer, but for long paths: that bounds how late the death of a rail shows. */
  private static final long TIMEOUT_NS_MAX = 60 * MS;

  /** Nor for those: what seems to be a long path may have been measured while this end slept. */
  private static final long TIMEOUT_NS_MOST = 90 * MS;

  /** What the peer may hold an acknowledgement back, and our own sloppiness. */
  private static final long TIMEOUT_NS_SLACK = 2 * MS;

  /** TCP sends again by itself; only when it takes long others should help. */
  private static final long TIMEOUT_NS_RELIABLE = 30 * MS;

  /** Most frames by which a later frame may come earlier without the others being lost. */
  private static final int OVERTAKEN_BY_MAX = 16;

  final RailClock clock;
  final int number;
  final FlightQueue flight = new FlightQueue();
  final RailWindow window;
  final AckDebt debt;
  private final boolean watched;
  private boolean inUse = true;
  private boolean suspect;
  private boolean suspicionTold;
  private boolean silenceTold;
  private long suspectSinceNs;
  private long doubtedSinceNs;
  private long progressNs;
  private long restartedNs;
  private int expiries;
  private int arrivedPlace;
  private int overtakenBy;
  private long framesLost;
  private long bytesSent;

  /**
   * @param number of the path, 0 to {@link FrameFormat#RAILS_MAX} - 1
   */
  SessionRail(RailClock clock, int number, SessionTerms terms, long nowNs) {
    this.clock = clock;
    this.number = number;
    boolean governs = !clock.rail.reliable();
    // Alone for ever, a reliable one can only be waited for.
    watched = governs || terms.rails();
    window = new RailWindow(clock, terms.frameBytesMax(), terms.replayBytes(), governs, nowNs);
    debt = new AckDebt(reliable(), terms.ackDelayNs(), terms.peerReplayBytes());
    progressNs = nowNs;
    restartedNs = nowNs;
  }

  /** For people. */
  String name() {
    return clock.rail.describe();
  }

  boolean reliable() {
    return clock.rail.reliable();
  }

  /** Whether the session still has it. */
  boolean inUse() {
    return inUse;
  }

  void leave() {
    inUse = false;
  }

  /** Whether the session has other rails at the moment. */
  void sharesLoad(boolean shares) {
    clock.rail.sharesLoad(shares);
    window.sharesLoad(shares);
  }

  // What happens to frames.

  void sent(int bytes, long nowNs) {
    if (window.underWayBytes() == 0) {
      progressNs = nowNs;
    }
    window.sent(bytes);
    bytesSent += bytes;
  }

  /**
   * A frame that went over it last has arrived.
   *
   * @param inVain whether it must have been an earlier copy
   */
  void arrived(int bytes, int place, boolean inVain, long nowNs) {
    window.arrived(bytes, place, nowNs);
    progressNs = nowNs;
    expiries = 0;
    if (reliable()) {
      suspect = false;
    }
    if (inVain) {
      // The network changes the order: a little more patience.
      overtakenBy = Math.min(OVERTAKEN_BY_MAX, overtakenBy + 1);
    } else if (place - arrivedPlace > 0) {
      arrivedPlace = place;
    }
  }

  /** Whether so many frames sent later have arrived that the one at this place must be lost. */
  boolean overtaken(int place) {
    return arrivedPlace - place > overtakenBy;
  }

  void lost(int bytes) {
    window.gone(bytes);
    framesLost++;
  }

  // Its health.

  /** Whether it has not answered for a while, and nothing is under way on it. */
  boolean suspect() {
    return suspect;
  }

  /**
   * Whether its time is over and it has not answered since: others are better, if there are any.
   */
  boolean doubted() {
    return suspect || expiries > 0;
  }

  /** Frames go only over rails of the least rank that there is. */
  int rank() {
    return suspect ? 2 : doubted() ? 1 : 0;
  }

  /** When it should have shown that it works; {@link Long#MAX_VALUE} while it owes nothing. */
  long deadlineNs() {
    boolean owes = watched && (doubted() || window.underWayBytes() > 0);
    return owes ? progressNs + timeoutNs() : Long.MAX_VALUE;
  }

  /** Whether more is asked of it than not to be silent. */
  boolean watched() {
    return watched;
  }

  /** Whether something has come within the longest time that it may take to answer. */
  boolean heardLately(long nowNs) {
    return nowNs - clock.receivedNs <= TIMEOUT_NS_MAX;
  }

  /** Since when this end has listened and heard nothing. */
  long listeningNs() {
    return Math.max(clock.receivedNs, restartedNs);
  }

  /** It gets all its time once more. */
  void restart(long nowNs) {
    progressNs = nowNs;
    restartedNs = nowNs;
  }

  private long timeoutNs() {
    long trip = clock.roundTripNs();
    long longest = Math.clamp(2 * clock.roundTripNsLeast(), TIMEOUT_NS_MAX, TIMEOUT_NS_MOST);
    if (reliable()) {
      return Math.min(longest, Math.max(TIMEOUT_NS_RELIABLE, 4 * trip));
    }
    long once =
        trip == 0 ? TIMEOUT_NS_FIRST : 2 * trip + 4 * clock.roundTripNsSpread() + TIMEOUT_NS_SLACK;
    return Math.min(longest, once << Math.min(expiries, 5));
  }

  /** Its time is over; says how often that has happened in a row. */
  int expired(long nowNs) {
    if (!doubted()) {
      doubtedSinceNs = nowNs;
    }
    progressNs = nowNs;
    return ++expiries;
  }

  void suspect(long nowNs) {
    if (!suspect) {
      suspect = true;
      silenceTold = false;
      suspectSinceNs = nowNs;
    }
    window.collapse();
  }

  /** Since when it is doubted. */
  long doubtedSinceNs() {
    return doubtedSinceNs;
  }

  /** A frame that has come over it answers one that was sent since it is doubted. */
  void clear(long nowNs) {
    suspect = false;
    expiries = 0;
    progressNs = nowNs;
  }

  long suspectSinceNs() {
    return suspectSinceNs;
  }

  /** Whether people were told of the suspicion. */
  boolean suspicionTold() {
    return suspicionTold;
  }

  void tellSuspicion(boolean told) {
    suspicionTold = told;
  }

  /** Whether its owner was told that it is silent. */
  boolean silenceTold() {
    return silenceTold;
  }

  void tellSilence() {
    silenceTold = true;
  }

  /** For people. */
  RailHealth health() {
    return new RailHealth(
        number,
        name(),
        suspect,
        clock.roundTripNs(),
        clock.roundTripNsLeast(),
        window.bytesPerSecond(),
        window.lostShare1024() / 1024.0,
        reliable() ? 0 : window.windowBytes(),
        window.underWayBytes(),
        bytesSent,
        clock.bytesReceived(),
        framesLost,
        clock.sinceNs,
        clock.rail.protection());
  }
}
