package farslot.link;

import java.lang.foreign.MemorySegment;

/**
 * A session with a peer: one sequence space, over one rail after another, and a stream for each
 * function attached. On the owner's thread only.
 */
public final class LinkSession {
  /** Rails that may end in a row because of what came over them, nothing being delivered. */
  static final int REPLAYS_MAX = 4;

  /** Whoever made the session and finds its rails. */
  interface Owner {
    /** A rail has ended; the session may have others. */
    void onRailLost(LinkSession session, SessionRail rail, String cause, long nowNs);

    /**
     * Nothing has come over a rail for so long that another one should be tried in its place; it
     * stays until that one is there.
     */
    void onRailSilent(LinkSession session, SessionRail rail, long nowNs);

    void onDown(LinkSession session, String cause, long nowNs);
  }

  /** What to do with control records, which differs between the two ends. */
  interface Control {
    void onControl(FrameView frame);

    /** The session is over. */
    void down(String cause);
  }

  private final int id;
  private final SessionTerms terms;
  private final Owner owner;
  private final LinkListener listener;
  private final LinkCounters counters = new LinkCounters();
  private final SendSide sender;
  private final Delivery delivery;
  private final StreamTable streams;
  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();
  private final RoomQueue rooms = new RoomQueue();
  private final ReplayTimer replayTimer = new ReplayTimer();
  private final AckDebt debt;
  private Control control;
  private LinkState state = LinkState.RECOVERY;
  private RefuseCode farewell = RefuseCode.OTHER;
  private SessionRail rail;
  private long nowNs;
  private int expected;
  private long holdDeadlineNs;
  private long lostNs;
  private boolean everUp;
  private int failures;
  private int failedAt;

  LinkSession(int id, SessionTerms terms, Owner owner, LinkListener listener, long nowNs) {
    this.id = id;
    this.terms = terms;
    this.owner = owner;
    this.listener = listener;
    this.nowNs = nowNs;
    lostNs = nowNs;
    holdDeadlineNs = nowNs + terms.holdNs();
    streams = new StreamTable(terms.streamsMax());
    sender = new SendSide(this, terms.frameBytesMax(), terms.replayBytes(), SessionTerms.FIRST_SEQ);
    expected = SessionTerms.FIRST_SEQ;
    delivery = new Delivery(this);
    debt = new AckDebt(terms.ackDelayNs(), terms.peerReplayBytes());
  }

  void control(Control control) {
    this.control = control;
  }

  // For owners and people.

  /** Its number, never 0; the acceptor chose it. */
  public int id() {
    return id;
  }

  public LinkPeer peer() {
    return terms.peer();
  }

  public LinkState state() {
    return state;
  }

  /** Why the peer ended the session, as its goodbye said; {@link RefuseCode#OTHER} before. */
  public RefuseCode farewell() {
    return farewell;
  }

  /** Max_Payload_Size agreed on, bytes. */
  public int payloadBytesMax() {
    return terms.payloadBytesMax();
  }

  /** Max_Read_Request_Size agreed on, bytes. */
  public int readRequestBytesMax() {
    return terms.readRequestBytesMax();
  }

  /** Last measured round trip, without what the peer held back; 0 before the first. */
  public long roundTripNs() {
    return rail == null ? 0 : rail.clock.roundTripNs();
  }

  /** Where it runs now, for people; empty in recovery. */
  public String railName() {
    return rail == null ? "" : rail.name();
  }

  public LinkCounters counters() {
    return counters;
  }

  /** Functions attached. */
  public int streamCount() {
    return streams.count();
  }

  /** Whether this is the end that dials: the initiator's. */
  boolean dials() {
    return terms.dials();
  }

  SessionTerms terms() {
    return terms;
  }

  SendSide sender() {
    return sender;
  }

  StreamTable streams() {
    return streams;
  }

  LinkListener listener() {
    return listener;
  }

  /** The DATA frame that comes next from the peer. */
  int expected() {
    return expected;
  }

  // Rails.

  /** Whether a peer that expects {@code ack} next can be served from the replay buffer. */
  boolean canResumeAt(int ack) {
    return sender.ring.ackValid(ack);
  }

  /**
   * Goes on over a new rail, on which the handshake is complete; an older one is given up. What the
   * peer does not have is sent again.
   *
   * @param number of the path that it belongs to
   * @return what its frames and its end are reported with
   */
  SessionRail onRail(RailClock clock, int number, int peerExpects, long now) {
    nowNs = now;
    SessionRail newRail = new SessionRail(clock, number);
    if (rail != null) {
      rail.clock.rail.close("replaced by " + newRail.name());
      lostNs = now;
      counters.railsLost++;
    }
    rail = newRail;
    state = LinkState.L0;
    sender.ring.acknowledge(peerExpects);
    int again = sender.ring.rewind();
    counters.framesReplayed += again;
    replayTimer.progress(now);
    listener.onEvent(
        everUp
            ? new LinkEvent.Resumed(this, rail.name(), now - lostNs, again)
            : new LinkEvent.SessionUp(this, rail.name()));
    everUp = true;
    // The peer has learnt what is expected here by the handshake.
    debt.settle();
    rooms.serve(this);
    return rail;
  }

  void onRailDown(SessionRail lost, String cause, long now) {
    if (lost == rail) {
      nowNs = now;
      loseRail(cause);
    }
  }

  void onWritable(SessionRail which, long now) {
    if (which == rail) {
      rail.clock.writable = true;
      flush(now);
    }
  }

  /** The bytes on this rail cannot be cut into frames; it ends. */
  void onMalformed(SessionRail which, FrameError error, long now) {
    counters.malformedFrames[error.ordinal()]++;
    if (which == rail) {
      nowNs = now;
      failRail("what came is no frame: " + error);
    }
  }

  private void loseRail(String cause) {
    SessionRail lost = rail;
    rail = null;
    state = LinkState.RECOVERY;
    lostNs = nowNs;
    holdDeadlineNs = nowNs + terms.holdNs();
    counters.railsLost++;
    listener.onEvent(new LinkEvent.RailLost(this, lost.name(), cause));
    owner.onRailLost(this, lost, cause, nowNs);
  }

  /** Ends the rail for what came over it, and tells the peer why. */
  private void failRail(String cause) {
    failures = failedAt == expected ? failures + 1 : 1;
    failedAt = expected;
    if (failures >= REPLAYS_MAX) {
      close(cause + "; " + failures + " rails in a row", nowNs);
      return;
    }
    SessionRail failed = rail;
    sender.sendFarewell(
        failed.clock,
        FrameFormat.REFUSE,
        new Farewell(RefuseCode.MALFORMED, cause),
        expected,
        nowNs);
    failed.clock.rail.close(cause);
    loseRail(cause);
  }

  /** The peer broke a rule that leaves nothing to go on with. */
  void violation(String cause) {
    close("protocol violation: " + cause, nowNs);
  }

  /** Ends the session and says so to the peer, if it can be reached. */
  void close(String cause, long now) {
    close(RefuseCode.OTHER, cause, now);
  }

  /** Ends the session, with a code that the peer can act on. */
  void close(RefuseCode code, String cause, long now) {
    nowNs = now;
    if (rail != null) {
      sender.gather();
      sender.pump(rail.clock, expected, nowNs);
      sender.sendFarewell(rail.clock, FrameFormat.BYE, new Farewell(code, cause), expected, nowNs);
    }
    down(cause);
  }

  /** Over, without a word to the peer. */
  void down(String cause) {
    if (state == LinkState.DOWN) {
      return;
    }
    state = LinkState.DOWN;
    if (rail != null) {
      rail.clock.rail.close(cause);
      rail = null;
    }
    streams.forEach(stream -> stream.down(cause));
    control.down(cause);
    sender.release();
    listener.onEvent(new LinkEvent.SessionDown(this, cause));
    owner.onDown(this, cause, nowNs);
  }

  // Receiving.

  void onFrame(SessionRail from, MemorySegment segment, long offset, int frameBytes, long now) {
    if (from != rail) {
      return;
    }
    nowNs = now;
    FrameError error =
        check.check(
            segment, offset, frameBytes, terms.frameBytesMax(), !from.clock.rail.reliable());
    if (error != null) {
      counters.malformedFrames[error.ordinal()]++;
      // A packet that was damaged on the way is lost; a stream that was is not to be trusted.
      if (from.clock.rail.reliable()) {
        failRail("malformed frame: " + error);
      }
      return;
    }
    frame.wrap(segment, offset);
    if (frame.sessionId() != id) {
      counters.droppedFramesOfOtherSession++;
      return;
    }
    counters.framesReceived++;
    counters.bytesReceived += frame.frameBytes();
    from.clock.received(frame, now);
    if (acknowledged()) {
      dispatch();
      rooms.serve(this);
      if (sender.creditsWait()) {
        // A quarter of a window is free: a sender that streams should hear it before it has to
        // stop, not at the end of our turn, when the whole window may have gone by.
        flush(now);
      }
    }
  }

  /** Takes the peer's acknowledgement; false when it cannot be true. */
  private boolean acknowledged() {
    int ack = frame.ack();
    ReplayRing ring = sender.ring;
    if (ring.ackValid(ack)) {
      if (ring.acknowledge(ack)) {
        replayTimer.progress(nowNs);
      }
    } else if (Seq.after(ack, ring.oldestSeq())) {
      failRail("acknowledges frames that were never sent");
      return false;
    }
    if ((frame.flags() & FrameFormat.FLAG_NAK) != 0 && ack == ring.oldestSeq()) {
      replay();
    }
    return true;
  }

  private void dispatch() {
    switch (frame.type()) {
      case FrameFormat.DATA -> data();
      case FrameFormat.ACK -> {
        if (Seq.after(frame.seq(), expected)) {
          gap();
        }
      }
      case FrameFormat.BYE -> {
        Farewell bye = Farewell.read(frame);
        farewell = bye.code();
        down("the peer said goodbye: " + bye.text());
      }
      case FrameFormat.REFUSE -> {
        String cause = "the peer gave it up: " + Farewell.read(frame).text();
        rail.clock.rail.close(cause);
        loseRail(cause);
      }
      default -> {
        counters.droppedFramesUnexpected++;
        // A network that doubles or delays packets does so with HELLO and WELCOME, too.
        if (rail.clock.rail.reliable()) {
          failRail("a handshake inside a session");
        }
      }
    }
  }

  private void data() {
    int seq = frame.seq();
    if (Seq.before(seq, expected)) {
      counters.droppedFramesDuplicate++;
      debt.now();
    } else if (seq != expected) {
      counters.droppedFramesAfterGap++;
      gap();
    } else {
      // Counted before it is delivered: what the records set in motion acknowledges it already.
      expected++;
      debt.received(frame.frameBytes(), nowNs);
      delivery.deliver(frame);
    }
  }

  /** Frames are missing before the one that came. */
  private void gap() {
    if (rail.clock.rail.reliable()) {
      failRail("frames are missing: expected " + Integer.toUnsignedString(expected));
      return;
    }
    debt.gap(expected, rail.clock.roundTripNs(), nowNs);
  }

  void onControl(FrameView record) {
    control.onControl(record);
  }

  // Sending.

  void commit(int stream, int epochTag, int tlpBytes) {
    sender.commit(stream, epochTag, tlpBytes, nowNs);
  }

  /** Says goodbye to the peer in a stream. */
  void part(LinkStream stream, String cause) {
    int kind = dials() ? FrameFormat.DETACH : FrameFormat.DETACHED;
    sender.control(stream.id(), stream.epochTag(), new ControlRecord.Parting(kind, cause));
  }

  /** Who waits to be called when there is room. */
  RoomQueue rooms() {
    return rooms;
  }

  void flush(long now) {
    nowNs = now;
    if (state == LinkState.DOWN) {
      return;
    }
    sender.gather();
    if (rooms.anyWaitsForBuffer()) {
      rooms.serve(this);
      if (state == LinkState.DOWN) {
        return;
      }
      sender.gather();
    }
    pump(now);
    if (rail != null && debt.due(now)) {
      int flags = debt.nak() ? FrameFormat.FLAG_NAK : 0;
      if (sender.sendAck(rail.clock, flags, expected, now)) {
        counters.acksSent++;
        counters.naksSent += debt.nak() ? 1 : 0;
        debt.settle();
      }
    }
  }

  /** Sends closed frames, which acknowledge what came. */
  void pump(long now) {
    if (rail == null) {
      return;
    }
    boolean first = sender.ring.inFlight() == 0;
    if (sender.pump(rail.clock, expected, now)) {
      if (first) {
        replayTimer.progress(now);
      }
      if (!debt.nak()) {
        debt.settle();
      }
    }
  }

  private void replay() {
    counters.framesReplayed += sender.ring.rewind();
    replayTimer.restart(nowNs);
  }

  // Time.

  /** When {@link #onTimer} has something to do. */
  long deadlineNs() {
    if (state == LinkState.DOWN) {
      return Long.MAX_VALUE;
    }
    if (rail == null) {
      return holdDeadlineNs;
    }
    // The first is there so that a late call tells that this end was asleep; see onTimer.
    long deadline =
        Math.min(nowNs + terms.silenceNs() / 4, rail.clock.receivedNs + terms.silenceNs());
    if (!rail.clock.writable) {
      return deadline;
    }
    deadline = Math.min(deadline, rail.clock.sentNs + terms.keepAliveNs());
    deadline = Math.min(deadline, debt.deadlineNs());
    return retransmits()
        ? Math.min(deadline, replayTimer.deadlineNs(rail.clock.roundTripNs()))
        : deadline;
  }

  private boolean retransmits() {
    return !rail.clock.rail.reliable() && sender.ring.inFlight() > 0;
  }

  void onTimer(long now) {
    long awayNs = now - nowNs;
    nowNs = now;
    if (state == LinkState.RECOVERY && now >= holdDeadlineNs) {
      down("no rail for %d ms, which is the hold time".formatted((now - lostNs) / 1_000_000));
    }
    if (rail == null) {
      return;
    }
    if (awayNs > terms.silenceNs() / 2) {
      // This end was asleep and has not looked; that the peer is silent is not known.
      rail.clock.receivedNs = now;
    }
    if (now - rail.clock.receivedNs >= terms.silenceNs()) {
      String cause = "silent for %d ms".formatted((now - rail.clock.receivedNs) / 1_000_000);
      rail.clock.rail.close(cause);
      loseRail(cause);
      return;
    }
    if (now - rail.clock.sentNs >= terms.keepAliveNs()) {
      debt.now();
    }
    if (retransmits() && now >= replayTimer.deadlineNs(rail.clock.roundTripNs())) {
      replay();
      replayTimer.expired(now);
    }
    flush(now);
  }

  @Override
  public String toString() {
    return String.format("session %08x", id);
  }
}
