package farslot.link;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A session with a peer: one sequence space in each direction, over all its rails, and a stream for
 * each function attached. On the owner's thread only.
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

    /** Something has happened to it: its turn has to be ended, by {@link Turn#end}. */
    default void onTouched(LinkSession session) {}
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
  private final Receiver receiver;
  private final Transmitter transmitter;
  private final List<SessionRail> rails;
  private final RailTimers timers;
  final Turn turn;
  private final StreamTable streams;
  private final FrameCheck check;
  private final FrameView frame = new FrameView();
  private final RoomQueue rooms = new RoomQueue(this);
  private Control control;
  private LinkState state = LinkState.RECOVERY;
  private RefuseCode farewell = RefuseCode.OTHER;
  long nowNs;
  private long holdDeadlineNs;
  private long lostNs;
  private boolean everUp;
  private int failures;
  private int failedAt;

  LinkSession(int id, SessionTerms terms, Owner owner, LinkListener listener, long nowNs) {
    this.id = id;
    this.terms = terms;
    this.owner = owner;
    turn = new Turn(this, owner);
    this.listener = listener;
    check = new FrameCheck(terms.capabilities());
    this.nowNs = nowNs;
    lostNs = nowNs;
    holdDeadlineNs = nowNs + terms.holdNs();
    streams = new StreamTable(terms.streamsMax());
    sender = new SendSide(this, terms.frameBytesMax(), terms.replayBytes(), SessionTerms.FIRST_SEQ);
    receiver = new Receiver(this, SessionTerms.FIRST_SEQ);
    transmitter = new Transmitter(terms, id, counters, sender.ring, receiver.reorder());
    rails = transmitter.rails();
    timers = new RailTimers(this, transmitter, owner);
    turn.touch();
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

  /** The fastest rail's last round trip, without what the peer held back; 0 before the first. */
  public long roundTripNs() {
    return rails.stream().mapToLong(rail -> rail.clock.lastTripNs()).min().orElse(0);
  }

  /** Where it runs now, for people; empty in recovery. */
  public String railName() {
    return rails.stream().map(SessionRail::name).collect(Collectors.joining(", "));
  }

  /** How its rails do; empty in recovery. */
  public List<RailHealth> rails() {
    return rails.stream().map(SessionRail::health).toList();
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
    return receiver.expected();
  }

  // Rails.

  /** Whether some rail has answered what was sent there after that time. */
  boolean answeredSince(long ns) {
    for (SessionRail rail : rails) {
      if (rail.clock.answeredNs() > ns) {
        return true;
      }
    }
    return false;
  }

  /** Whether a peer that expects {@code ack} next can be served from the replay buffer. */
  boolean canResumeAt(int ack) {
    // A handshake may be overtaken by what acknowledges more over another rail.
    boolean overtaken = terms.rails() || !rails.isEmpty();
    return sender.ring.ackValid(ack) || overtaken && Seq.before(ack, sender.ring.oldestSeq());
  }

  /**
   * Goes on over a new rail, on which the handshake is complete. It takes the place of an older one
   * of the same path, and of any other one unless several are agreed on; what the peer does not
   * have of what went there is sent again.
   *
   * @param number of the path that it belongs to
   * @return what its frames and its end are reported with
   */
  SessionRail onRail(RailClock clock, int number, int peerExpects, long now) {
    nowNs = now;
    turn.touch();
    SessionRail fresh = new SessionRail(clock, number, terms, now);
    boolean running = !rails.isEmpty();
    for (int i = rails.size() - 1; i >= 0; i--) {
      SessionRail old = rails.get(i);
      if (!terms.rails() || old.number == number) {
        old.clock.rail.close("replaced by " + fresh.name());
        transmitter.remove(old);
        lostNs = old.suspect() ? old.suspectSinceNs() : now;
        counters.railsLost++;
      }
    }
    boolean others = !rails.isEmpty();
    transmitter.add(fresh);
    transmitter.resumed(peerExpects, now);
    LinkEvent event =
        others
            ? new LinkEvent.RailJoined(this, fresh.name(), rails.size())
            : everUp
                ? new LinkEvent.Resumed(this, fresh.name(), now - lostNs, transmitter.lostFrames())
                : new LinkEvent.SessionUp(this, fresh.name());
    assert running || state == LinkState.RECOVERY;
    state = LinkState.L0;
    everUp = true;
    listener.onEvent(event);
    rooms.serve(this);
    return fresh;
  }

  void onRailDown(SessionRail lost, String cause, long now) {
    if (lost.inUse()) {
      nowNs = now;
      loseRail(lost, cause);
    }
  }

  void onWritable(SessionRail which, long now) {
    if (which.inUse()) {
      which.clock.writable = true;
      turn.touch();
      flush(now);
    }
  }

  /** The bytes on this rail cannot be cut into frames; it ends. */
  void onMalformed(SessionRail which, FrameError error, long now) {
    counters.malformedFrames[error.ordinal()]++;
    if (which.inUse()) {
      nowNs = now;
      failRail(which, "what came is no frame: " + error);
    }
  }

  /** Gives a rail up in good order; the others carry on. */
  void dropRail(SessionRail rail, String cause, long now) {
    if (rail.inUse()) {
      nowNs = now;
      endRail(rail, RefuseCode.OTHER, cause);
    }
  }

  private void loseRail(SessionRail lost, String cause) {
    turn.touch();
    transmitter.remove(lost);
    if (rails.isEmpty()) {
      state = LinkState.RECOVERY;
      lostNs = lost.suspect() ? lost.suspectSinceNs() : nowNs;
      holdDeadlineNs = nowNs + terms.holdNs();
    }
    counters.railsLost++;
    listener.onEvent(new LinkEvent.RailLost(this, lost.name(), cause, rails.size()));
    owner.onRailLost(this, lost, cause, nowNs);
  }

  /** Ends a rail for what came over it, and tells the peer why. */
  void failRail(SessionRail rail, String cause) {
    failures = failedAt == expected() ? failures + 1 : 1;
    failedAt = expected();
    if (failures >= REPLAYS_MAX) {
      close(cause + "; " + failures + " rails in a row", nowNs);
    } else {
      endRail(rail, RefuseCode.MALFORMED, cause);
    }
  }

  private void endRail(SessionRail rail, RefuseCode code, String cause) {
    Farewell words = new Farewell(code, cause);
    transmitter.sendFarewell(rail, FrameFormat.REFUSE, words, expected(), nowNs);
    rail.clock.rail.close(cause);
    loseRail(rail, cause);
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
    if (!rails.isEmpty()) {
      sender.gather();
      transmitter.pump(expected(), nowNs);
      for (SessionRail rail : rails) {
        Farewell words = new Farewell(code, cause);
        transmitter.sendFarewell(rail, FrameFormat.BYE, words, expected(), nowNs);
      }
    }
    down(cause);
  }

  /** Over, without a word to the peer. */
  void down(String cause) {
    if (state == LinkState.DOWN) {
      return;
    }
    state = LinkState.DOWN;
    for (SessionRail rail : List.copyOf(rails)) {
      rail.clock.rail.close(cause);
      transmitter.remove(rail);
    }
    streams.forEach(stream -> stream.down(cause));
    control.down(cause);
    sender.release();
    receiver.release();
    listener.onEvent(new LinkEvent.SessionDown(this, cause));
    owner.onDown(this, cause, nowNs);
  }

  // Receiving.

  void onFrame(SessionRail from, MemorySegment segment, long offset, int frameBytes, long now) {
    if (!from.inUse()) {
      return;
    }
    nowNs = now;
    turn.touch();
    FrameError error =
        check.check(segment, offset, frameBytes, terms.frameBytesMax(), !from.reliable());
    if (error != null) {
      counters.malformedFrames[error.ordinal()]++;
      // A packet that was damaged on the way is lost; a stream that was is not to be trusted.
      if (from.reliable()) {
        failRail(from, "malformed frame: " + error);
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
    if (!transmitter.acknowledged(frame, from, now)) {
      failRail(from, "acknowledges frames that were never sent");
      return;
    }
    heard(from);
    dispatch(from);
    rooms.serve(this);
    if (sender.creditsWait()) {
      // A quarter of a window is free: a sender that streams should hear it before it has to
      // stop, not at the end of our turn, when the whole window may have gone by.
      flush(now);
    }
  }

  private void heard(SessionRail from) {
    transmitter.heard(from, frame, nowNs);
    if (from.suspicionTold() && !from.suspect()) {
      from.tellSuspicion(false);
      long silentNs = nowNs - from.suspectSinceNs();
      listener.onEvent(new LinkEvent.RailReturned(this, from.name(), silentNs));
    }
    if ((frame.flags() & FrameFormat.FLAG_PING) != 0) {
      from.debt.now();
    }
  }

  private void dispatch(SessionRail from) {
    switch (frame.type()) {
      case FrameFormat.DATA -> receiver.data(frame, from, nowNs);
      case FrameFormat.ACK -> receiver.ack(frame, from, nowNs);
      case FrameFormat.BYE -> {
        Farewell bye = Farewell.read(frame);
        farewell = bye.code();
        down("the peer said goodbye: " + bye.text());
      }
      case FrameFormat.REFUSE -> {
        String cause = "the peer gave it up: " + Farewell.read(frame).text();
        from.clock.rail.close(cause);
        loseRail(from, cause);
      }
      default -> {
        counters.droppedFramesUnexpected++;
        // A network that doubles or delays packets does so with HELLO and WELCOME, too.
        if (from.reliable()) {
          failRail(from, "a handshake inside a session");
        }
      }
    }
  }

  void onControl(FrameView record) {
    control.onControl(record);
  }

  // Sending.

  void commit(LinkStream stream, int kind, int flags, int bodyBytes) {
    sender.commit(stream, kind, flags, bodyBytes, nowNs);
  }

  /** Says goodbye to the peer in a stream. */
  void part(LinkStream stream, String cause) {
    int kind = dials() ? FrameFormat.DETACH : FrameFormat.DETACHED;
    sender.control(stream.id(), stream.epochTag(), new ControlRecord.Parting(kind, cause));
  }

  /** The replay buffer had no room for a stream's TLP. */
  void waitsForBuffer(LinkStream stream) {
    rooms.waitsForBuffer(stream);
    turn.touch();
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
    rooms.shaping.settle(now);
    sender.gather();
    if (rooms.anyWaits(now)) {
      rooms.serve(this);
      if (state == LinkState.DOWN) {
        return;
      }
      rooms.shaping.settle(now);
      sender.gather();
    }
    pump(now);
    transmitter.acknowledge(expected(), now);
  }

  /** Sends closed frames, which acknowledge what came. */
  void pump(long now) {
    transmitter.pump(expected(), now);
  }

  // Time.

  /** When {@link #onTimer} has something to do. */
  long deadlineNs() {
    if (state == LinkState.DOWN) {
      return Long.MAX_VALUE;
    }
    if (rails.isEmpty()) {
      return Math.min(holdDeadlineNs, rooms.shaping.dueNs());
    }
    // There so that a late call tells that this end was asleep; see onTimer.
    long deadline = Math.min(nowNs + terms.silenceNs() / 4, rooms.shaping.dueNs());
    for (int i = 0; i < rails.size(); i++) {
      deadline = Math.min(deadline, timers.deadlineNs(rails.get(i)));
    }
    return deadline;
  }

  void onTimer(long now) {
    boolean asleep = now - nowNs > terms.silenceNs() / 2;
    nowNs = now;
    turn.touch();
    if (state == LinkState.RECOVERY && now >= holdDeadlineNs) {
      down("no rail for %d ms, which is the hold time".formatted((now - lostNs) / 1_000_000));
    }
    for (int i = rails.size() - 1; i >= 0; i--) {
      // What is done about one may end others, or the session.
      if (i < rails.size()) {
        timers.onTimer(rails.get(i), asleep, now);
      }
    }
    flush(now);
  }

  @Override
  public String toString() {
    return String.format("session %08x", id);
  }
}
