package farslot.link;

/**
 * Who may send next in a session in which some stream has a {@link Qos}. Costs the others nothing:
 * it is off until then.
 *
 * <p>A TLP within its stream's committed rate passes as long as there is room in the replay ring.
 * All others pass while the rails take what is sent; when they do not, streams take turns, so that
 * what is committed finds the ring nearly empty. Among classes turns are fair queueing by weights,
 * so that the lowest one is slow and does not starve; within a class they go round.
 */
final class Shaping {
  /** So much closed and unsent tells that the rails take no more: above what one turn gathers. */
  static final int CONGESTED_BYTES = 1 << 17;

  /** A turn's worth while others wait, bytes. */
  static final int QUANTUM_BYTES = 1 << 14;

  private final LinkSession session;
  private final StreamQueue[] turns = new StreamQueue[Qos.CLASS_MAX + 1];

  /** What each class has sent in turns, over its weight; bytes. */
  private final long[] served = new long[Qos.CLASS_MAX + 1];

  private final StreamQueue timed = new StreamQueue();

  /** Who has sent since the session knew the time: between turns its clock stands still. */
  private final StreamQueue owing = new StreamQueue();

  private long dueNs = Long.MAX_VALUE;
  private int waiting;
  private long floor;
  private StreamShaper serving;
  private int allowanceBytes;
  private int shaped;

  Shaping(LinkSession session) {
    this.session = session;
    for (int i = 0; i < turns.length; i++) {
      turns[i] = new StreamQueue();
    }
  }

  /** Whether some stream has a {@link Qos}. */
  boolean on() {
    return shaped > 0;
  }

  /** A stream's policy changes; if it waits it is asked again. */
  void change(LinkStream stream, Qos to) {
    StreamShaper shaper = stream.shaper();
    boolean was = !shaper.qos().isNone();
    shaper.set(to, session.nowNs);
    shaped += (to.isNone() ? 0 : 1) - (was ? 1 : 0);
    if (shaper.waits()) {
      wait(stream, shaper, session.nowNs);
    }
    if (!on()) {
      dueNs = session.nowNs;
    }
    session.turn.touch();
  }

  // Asking.

  /** Whether a stream may send a TLP now; if not, it is called later. */
  boolean admits(LinkStream stream, int wireBytes) {
    long nowNs = session.nowNs;
    StreamShaper shaper = stream.shaper();
    boolean belowPeak = shaper.belowPeak(nowNs);
    if (belowPeak && passes(shaper, nowNs)) {
      return true;
    }
    shaper.refused(wireBytes, nowNs);
    if (belowPeak && !shaper.inTurns()) {
      queue(stream, shaper);
    }
    wait(stream, shaper, shaper.worthNs(belowPeak));
    session.turn.touch();
    return false;
  }

  /** Whether it may send now, for what can be done without. */
  boolean admitsAmply(LinkStream stream) {
    long nowNs = session.nowNs;
    StreamShaper shaper = stream.shaper();
    return shaper.belowPeak(nowNs) && (shaper.isCommitted(nowNs) || waiting == 0 && !congested());
  }

  private boolean passes(StreamShaper shaper, long nowNs) {
    if (shaper.isCommitted(nowNs)) {
      return true;
    }
    if (shaper == serving && allowanceBytes > 0) {
      return true;
    }
    return waiting == 0 && !congested();
  }

  /** Whether the rails take less than there is to send, or the peer acknowledges late. */
  private boolean congested() {
    ReplayRing ring = session.sender().ring;
    return ring.unsentBytes() >= CONGESTED_BYTES || !ring.ample(QUANTUM_BYTES);
  }

  private void queue(LinkStream stream, StreamShaper shaper) {
    int trafficClass = shaper.qos().trafficClass();
    if (turns[trafficClass].size() == 0) {
      // What it did not use while it had nothing to send is lost to it.
      served[trafficClass] = Math.max(served[trafficClass], floor);
    }
    turns[trafficClass].add(stream);
    shaper.inTurns(true);
    waiting++;
  }

  private void wait(LinkStream stream, StreamShaper shaper, long untilNs) {
    if (untilNs == Long.MAX_VALUE) {
      return;
    }
    if (!shaper.timed()) {
      timed.add(stream);
    }
    shaper.timed(true, untilNs);
    dueNs = Math.min(dueNs, untilNs);
  }

  /** It has sent what it asked for. */
  void sent(LinkStream stream, int wireBytes) {
    StreamShaper shaper = stream.shaper();
    if (shaper == serving && !shaper.isCommitted(session.nowNs)) {
      allowanceBytes -= wireBytes;
      int trafficClass = shaper.qos().trafficClass();
      served[trafficClass] += (long) wireBytes << Qos.CLASS_MAX >> trafficClass;
    }
    shaper.sent(wireBytes, session.nowNs);
    if (!shaper.owes()) {
      shaper.owes(true);
      owing.add(stream);
    }
  }

  /** At the beginning and at the end of the end of a turn, when the time is known. */
  void settle(long nowNs) {
    for (int n = owing.size(); n > 0; n--) {
      StreamShaper shaper = owing.poll().shaper();
      shaper.owes(false);
      shaper.settle(nowNs);
    }
  }

  // Serving.

  /** Whether somebody may be called now. */
  boolean isDue(long nowNs) {
    return nowNs >= dueNs || waiting > 0;
  }

  /** When time alone lets somebody send, or at once if room does. */
  long dueNs() {
    return waiting > 0 && !congested() ? session.nowNs : dueNs;
  }

  /** Calls those who may send again. */
  void serve() {
    if (session.nowNs >= dueNs) {
      serveTimed();
    }
    if (waiting > 0) {
      session.pump(session.nowNs);
      for (int n = waiting; n > 0 && mayServe(); n--) {
        serveTurn();
      }
    }
  }

  private boolean mayServe() {
    return session.state() != LinkState.DOWN && waiting > 0 && !(on() && congested());
  }

  private void serveTimed() {
    long nowNs = session.nowNs;
    dueNs = Long.MAX_VALUE;
    for (int n = timed.size(); n > 0 && session.state() != LinkState.DOWN; n--) {
      LinkStream stream = timed.poll();
      StreamShaper shaper = stream.shaper();
      if (on() && shaper.dueNs() > nowNs) {
        timed.add(stream);
        dueNs = Math.min(dueNs, shaper.dueNs());
      } else {
        shaper.timed(false, 0);
        shaper.call(nowNs);
      }
    }
  }

  private void serveTurn() {
    int trafficClass = next();
    floor = served[trafficClass];
    StreamShaper shaper = turns[trafficClass].poll().shaper();
    shaper.inTurns(false);
    waiting--;
    serving = shaper;
    allowanceBytes = QUANTUM_BYTES;
    shaper.call(session.nowNs);
    serving = null;
  }

  /** The class that has had least, for its weight, of those that wait. */
  private int next() {
    int best = -1;
    for (int i = Qos.CLASS_MAX; i >= 0; i--) {
      if (turns[i].size() > 0 && (best < 0 || served[i] < served[best])) {
        best = i;
      }
    }
    return best;
  }
}
