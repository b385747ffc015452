package farslot.link;

/**
 * What became of each DATA frame that was sent and is kept: over which rail it went last and when,
 * whether the peer has it though others before it are missing, whether it counts as lost
 * (docs/spec/pcieoe.md, section 6).
 */
final class SentFrames {
  private final ReplayRing ring;
  private final LinkCounters counters;

  /** The rail that a frame is under way on; null when it has arrived or is lost. */
  private SessionRail[] rails = new SessionRail[ReplayRing.FRAMES_FIRST];

  private int[] places = new int[ReplayRing.FRAMES_FIRST];
  private long[] sentNs = new long[ReplayRing.FRAMES_FIRST];
  private int mask = ReplayRing.FRAMES_FIRST - 1;
  private final FrameSet arrived = new FrameSet();
  private final FrameSet lost = new FrameSet();
  private final FrameSet repeated = new FrameSet();

  SentFrames(ReplayRing ring, LinkCounters counters) {
    this.ring = ring;
    this.counters = counters;
  }

  // Sending.

  /** Frames that have to be sent again. */
  int lostFrames() {
    return lost.size();
  }

  /** Whether some frame has to be sent again. */
  boolean anyLost() {
    return lost.size() > 0;
  }

  /** The first frame that has to be sent again; there is one. */
  int firstLost() {
    return lost.firstIn(ring.oldestSeq(), ring.sendSeq());
  }

  boolean isLost(int seq) {
    return lost.has(seq);
  }

  /** A frame has gone over a rail, for the first time or again. */
  void sent(int seq, SessionRail rail, long nowNs) {
    if (rail.flight.isFull()) {
      prune(rail);
      if (rail.flight.isFull()) {
        lose(rail.flight.firstSeq(), rail.flight.first(), rail);
        rail.flight.removeFirst();
      }
    }
    if (lost.remove(seq)) {
      repeated.add(seq);
      counters.framesReplayed++;
    }
    if (seq - ring.oldestSeq() > mask) {
      grow(seq);
    }
    int at = seq & mask;
    rails[at] = rail;
    places[at] = rail.flight.add(seq);
    sentNs[at] = nowNs;
    rail.sent(ring.frameBytes(seq), nowNs);
  }

  /** Makes room for this frame, and takes along what is known of those before it. */
  private void grow(int end) {
    SessionRail[] oldRails = rails;
    int[] oldPlaces = places;
    long[] oldSentNs = sentNs;
    int oldMask = mask;
    rails = new SessionRail[2 * oldRails.length];
    places = new int[rails.length];
    sentNs = new long[rails.length];
    mask = rails.length - 1;
    for (int seq = ring.oldestSeq(); seq != end; seq++) {
      rails[seq & mask] = oldRails[seq & oldMask];
      places[seq & mask] = oldPlaces[seq & oldMask];
      sentNs[seq & mask] = oldSentNs[seq & oldMask];
    }
  }

  // What the peer says.

  /** The peer has all frames before {@code ack}; before the ring forgets them. */
  void acknowledge(int ack, long nowNs) {
    for (int seq = ring.oldestSeq(); seq != ack; seq++) {
      arrive(seq, nowNs);
      arrived.remove(seq);
      repeated.remove(seq);
    }
  }

  /**
   * The peer has the frames from {@code first} to before {@code end}, all of them sent and kept.
   */
  void received(int first, int end, long nowNs) {
    int seq = arrived.firstNotIn(first, end);
    while (seq != end) {
      arrive(seq, nowNs);
      seq = arrived.firstNotIn(seq + 1, end);
    }
  }

  private void arrive(int seq, long nowNs) {
    if (!arrived.add(seq)) {
      return;
    }
    int at = seq & mask;
    SessionRail rail = rails[at];
    if (rail == null) {
      // Given up too early: it is sent again no more.
      lost.remove(seq);
      return;
    }
    rails[at] = null;
    // Of a frame that went twice the first may be the one that has arrived; the second tells
    // something of its rail only when it has had the time.
    boolean first = repeated.has(seq) && nowNs - sentNs[at] < rail.clock.roundTripNsLeast();
    if (first) {
      counters.framesReplayedInVain++;
    }
    rail.arrived(ring.frameBytes(seq), places[at], first, nowNs);
  }

  // Losses.

  /** Frames that others have overtaken on this rail count as lost. */
  void detectLosses(SessionRail rail) {
    FlightQueue flight = rail.flight;
    while (!flight.isEmpty()) {
      int place = flight.first();
      int seq = flight.firstSeq();
      if (isUnderWay(seq, place, rail)) {
        if (!rail.overtaken(place)) {
          return;
        }
        lose(seq, place, rail);
        rail.window.lost(ring.frameBytes(seq), place, flight);
      }
      flight.removeFirst();
    }
  }

  private void prune(SessionRail rail) {
    FlightQueue flight = rail.flight;
    while (!flight.isEmpty() && !isUnderWay(flight.firstSeq(), flight.first(), rail)) {
      flight.removeFirst();
    }
  }

  private boolean isUnderWay(int seq, int place, SessionRail rail) {
    int at = seq & mask;
    return rails[at] == rail && places[at] == place;
  }

  private void lose(int seq, int place, SessionRail rail) {
    if (isUnderWay(seq, place, rail)) {
      rails[seq & mask] = null;
      lost.add(seq);
      rail.lost(ring.frameBytes(seq));
    }
  }

  /** Whatever is under way on this rail counts as lost. */
  void loseAll(SessionRail rail) {
    FlightQueue flight = rail.flight;
    while (!flight.isEmpty()) {
      lose(flight.firstSeq(), flight.first(), rail);
      flight.removeFirst();
    }
  }

  /** What was sent over this rail before that time, and is under way, counts as lost. */
  void loseSentBefore(SessionRail rail, long ns) {
    FlightQueue flight = rail.flight;
    while (!flight.isEmpty()) {
      int seq = flight.firstSeq();
      if (isUnderWay(seq, flight.first(), rail)) {
        if (sentNs[seq & mask] >= ns) {
          return;
        }
        lose(seq, flight.first(), rail);
      }
      flight.removeFirst();
    }
  }

  /** The oldest frame under way on this rail counts as lost; the others stay. */
  void loseFirst(SessionRail rail) {
    prune(rail);
    if (!rail.flight.isEmpty()) {
      lose(rail.flight.firstSeq(), rail.flight.first(), rail);
      rail.flight.removeFirst();
    }
  }
}
