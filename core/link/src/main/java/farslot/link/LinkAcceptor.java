package farslot.link;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The end that is dialled: serves many sessions, finds the one that a new rail wants to join by
 * number and token, and keeps each function with one holder. Any number of listeners may hand it
 * rails. On the owner's thread only.
 */
public final class LinkAcceptor implements LinkEnd, RailTaker {
  /** So many sessions are looked through in each turn. */
  private static final int FEW = 8;

  private final LinkConfig config;
  private final AttachHandler handler;
  private final LinkListener listener;
  private final RandomGenerator random;
  private final Handshake handshake = new Handshake();
  private final Holders holders = new Holders();
  private final LinkCounters counters = new LinkCounters();
  private final LinkSession.Owner owner = new SessionOwner();

  /** Rails that have no session yet. */
  private final List<AcceptedRail> fresh = new ArrayList<>();

  /** Replaced, not changed, so that callbacks may end sessions while it is walked. */
  private LinkSession[] sessions = {};

  /** Those whose turn has to be ended: most of many sessions are quiet in most turns. */
  private LinkSession[] touched = new LinkSession[16];

  private int touchedCount;

  /** Not later than any session's deadline, and exact while there are few. */
  private long dueNs = Long.MAX_VALUE;

  private boolean closed;

  /**
   * @param random for session numbers and tokens: must be unpredictable in production ({@link
   *     java.security.SecureRandom})
   */
  public LinkAcceptor(
      LinkConfig config, AttachHandler handler, LinkListener listener, RandomGenerator random) {
    this.config = config;
    this.handler = handler;
    this.listener = listener;
    this.random = random;
  }

  /** The sessions in L0 or RECOVERY. */
  public List<LinkSession> sessions() {
    return List.of(sessions);
  }

  /** What was counted outside of sessions, and in those that are over. */
  public LinkCounters counters() {
    return counters;
  }

  /** Rails that have not agreed on a session yet. */
  public int freshRails() {
    return fresh.size();
  }

  /** Says goodbye to everybody; rails that come later are refused. */
  public void close(String cause, long nowNs) {
    closed = true;
    for (LinkSession session : sessions) {
      session.close(cause, nowNs);
    }
    for (AcceptedRail rail : List.copyOf(fresh)) {
      refuse(rail, RefuseCode.SHUTTING_DOWN, cause, nowNs);
    }
  }

  @Override
  public RailListener onRail(Rail rail, long nowNs) {
    AcceptedRail accepted = new AcceptedRail(this, new RailClock(rail, nowNs), handshake);
    fresh.add(accepted);
    if (closed) {
      refuse(accepted, RefuseCode.SHUTTING_DOWN, "going down", nowNs);
    } else if (fresh.size() > config.sizes().sessionsMax()) {
      refuse(accepted, RefuseCode.BUSY, "too many connections without a session", nowNs);
    }
    return accepted;
  }

  // HELLO.

  void onHello(AcceptedRail rail, Hello hello, int id, int expects, long nowNs) {
    int railBytes = rail.clock.rail.frameBytesMax();
    String lie = rail.clock.rail.protection().contradicts(hello.nodeName());
    if (!lie.isEmpty()) {
      refuse(rail, RefuseCode.NOT_ALLOWED, lie, nowNs);
    } else if (!hello.sizesValid() || railBytes < FrameFormat.FRAME_BYTES_LEAST) {
      refuse(rail, RefuseCode.FRAME_SIZE, "sizes out of range in HELLO", nowNs);
    } else if (hello.rail() >= FrameFormat.RAILS_MAX) {
      String text = "rail %d: they are numbered from 0 to %d";
      text = text.formatted(hello.rail(), FrameFormat.RAILS_MAX - 1);
      refuse(rail, RefuseCode.MALFORMED, text, nowNs);
    } else if (id == 0) {
      offer(rail, hello, nowNs);
    } else {
      resume(rail, hello, id, expects, nowNs);
    }
  }

  /** Names a session that begins when the peer shows that it heard of it. */
  private void offer(AcceptedRail rail, Hello hello, long nowNs) {
    if (isFull(hello.nodeName())) {
      refuse(rail, RefuseCode.BUSY, "as many sessions as this end serves", nowNs);
      return;
    }
    Hello ours = ours(rail, hello, random.nextLong(), random.nextLong());
    rail.welcome(hello, ours, 0, freeId(), SessionTerms.FIRST_SEQ, nowNs);
  }

  private void resume(AcceptedRail rail, Hello hello, int id, int expects, long nowNs) {
    LinkSession session = find(id);
    if (session == null) {
      session = beginOffered(id, hello, nowNs);
    }
    int frameBytes = Math.min(rail.clock.rail.frameBytesMax(), hello.frameBytesMax());
    if (session == null) {
      refuseUnknown(rail, id, nowNs);
    } else if (!session.terms().tokenIs(hello.tokenHigh(), hello.tokenLow())
        || !session.peer().equals(hello.peer())) {
      refuse(rail, RefuseCode.BAD_TOKEN, "this session is not yours", nowNs);
    } else if (frameBytes < session.terms().frameBytesMax()) {
      refuse(rail, RefuseCode.FRAME_SIZE, session.terms().tooSmall(frameBytes), nowNs);
    } else if (!session.canResumeAt(expects)) {
      // The session is left alone: what comes late or again must not end one that works. A peer
      // that means it begins a new one, and that ends this.
      refuse(rail, RefuseCode.SEQUENCE, "the frame to resume at is not kept", nowNs);
    } else {
      Hello ours = ours(rail, hello, session.terms().tokenHigh(), session.terms().tokenLow());
      rail.welcome(hello, ours, id, id, session.expected(), nowNs);
    }
  }

  private Hello ours(AcceptedRail rail, Hello hello, long tokenHigh, long tokenLow) {
    int railBytes = rail.clock.rail.frameBytesMax();
    return Hello.of(config, railBytes, hello.rail(), tokenHigh, tokenLow);
  }

  /** HELLO has come again: its answer may have been lost. */
  void welcomeAgain(AcceptedRail rail, long nowNs) {
    LinkSession session = find(rail.sessionId());
    int expected = session == null ? SessionTerms.FIRST_SEQ : session.expected();
    rail.say(FrameFormat.WELCOME, rail.sessionId(), expected, rail.answer(), nowNs);
  }

  // The peer has heard WELCOME.

  /**
   * Gives a rail to its session.
   *
   * @param expects the DATA frame that the peer expects next
   * @return whether it is the session's now
   */
  boolean onConfirmed(AcceptedRail rail, int expects, long nowNs) {
    LinkSession session = find(rail.sessionId());
    if (session == null && !rail.begins()) {
      refuseUnknown(rail, rail.sessionId(), nowNs);
      return false;
    }
    boolean kept =
        session == null ? expects == SessionTerms.FIRST_SEQ : session.canResumeAt(expects);
    if (!kept) {
      refuse(rail, RefuseCode.SEQUENCE, "the frame to resume at is not kept", nowNs);
      return false;
    }
    if (session == null) {
      session = begin(rail, nowNs);
      if (session == null) {
        return false;
      }
    }
    forget(rail);
    rail.join(session, session.onRail(rail.clock, rail.hello().rail(), expects, nowNs));
    return true;
  }

  /**
   * Makes the session that was offered; null if there is no room for it, which the peer is told.
   */
  private LinkSession begin(AcceptedRail rail, long nowNs) {
    Hello hello = rail.hello();
    // Who begins anew has lost its session: restarted, or never got our WELCOME.
    for (LinkSession session : sessions) {
      if (session.peer().nodeName().equals(hello.nodeName())) {
        String cause = "replaced: " + hello.peer() + " began a new session";
        session.close(RefuseCode.REPLACED, cause, nowNs);
      }
    }
    if (isFull(hello.nodeName())) {
      refuse(rail, RefuseCode.BUSY, "as many sessions as this end serves", nowNs);
      return null;
    }
    Hello ours = rail.answer();
    SessionTerms terms =
        SessionTerms.of(false, config, ours, hello, ours.tokenHigh(), ours.tokenLow());
    LinkSession session;
    try {
      session = new LinkSession(rail.sessionId(), terms, owner, listener, nowNs);
    } catch (OutOfMemoryError e) {
      refuse(rail, RefuseCode.BUSY, "no memory for another session", nowNs);
      return null;
    }
    session.control(new AttachResponder(session, handler, holders));
    add(session);
    return session;
  }

  // Rails without a session.

  /** Says why, and ends the rail. */
  void refuse(AcceptedRail rail, RefuseCode code, String text, long nowNs) {
    forget(rail);
    counters.sessionsRefused++;
    handshake.refuse(rail.clock, 0, code, text, nowNs);
    listener.onEvent(new LinkEvent.Refused(rail.clock.rail.describe(), code, text));
  }

  private void refuseUnknown(AcceptedRail rail, int id, long nowNs) {
    String text = "session %08x is not known here: restarted, or over its hold time".formatted(id);
    refuse(rail, RefuseCode.UNKNOWN_SESSION, text, nowNs);
  }

  /** Ends the rail without a word. */
  void drop(AcceptedRail rail, String cause) {
    forget(rail);
    rail.clock.rail.close(cause);
  }

  void forget(AcceptedRail rail) {
    rail.over();
    fresh.remove(rail);
  }

  // Sessions.

  /**
   * The session that was offered over another rail, if the peer knows what WELCOME said there: that
   * HELLO may come before anything else that shows it.
   */
  private LinkSession beginOffered(int id, Hello hello, long nowNs) {
    for (AcceptedRail rail : fresh) {
      if (rail.sessionId() == id
          && rail.begins()
          && SessionTerms.sameToken(rail.answer(), hello)
          && rail.hello().peer().equals(hello.peer())) {
        return begin(rail, nowNs);
      }
    }
    return null;
  }

  private LinkSession find(int id) {
    for (LinkSession session : sessions) {
      if (session.id() == id) {
        return session;
      }
    }
    return null;
  }

  /** Whether there is no place for a session of this node, which would replace its older one. */
  private boolean isFull(String nodeName) {
    int others = 0;
    for (LinkSession session : sessions) {
      others += session.peer().nodeName().equals(nodeName) ? 0 : 1;
    }
    return others >= config.sizes().sessionsMax();
  }

  private int freeId() {
    int id;
    do {
      id = random.nextInt();
    } while (id == 0 || find(id) != null || isOffered(id));
    return id;
  }

  private boolean isOffered(int id) {
    for (AcceptedRail rail : fresh) {
      if (rail.sessionId() == id) {
        return true;
      }
    }
    return false;
  }

  private void add(LinkSession session) {
    LinkSession[] more = java.util.Arrays.copyOf(sessions, sessions.length + 1);
    more[sessions.length] = session;
    sessions = more;
  }

  private final class SessionOwner implements LinkSession.Owner {
    @Override
    public void onTouched(LinkSession session) {
      if (touchedCount == touched.length) {
        touched = java.util.Arrays.copyOf(touched, 2 * touchedCount);
      }
      touched[touchedCount++] = session;
    }

    @Override
    public void onRailLost(LinkSession session, SessionRail rail, String cause, long nowNs) {
      // The initiator dials; this end waits.
    }

    @Override
    public void onRailSilent(LinkSession session, SessionRail rail, long nowNs) {
      // The same.
    }

    @Override
    public void onDown(LinkSession down, String cause, long nowNs) {
      List<LinkSession> left = new ArrayList<>(List.of(sessions));
      left.remove(down);
      counters.add(down.counters());
      sessions = left.toArray(LinkSession[]::new);
    }
  }

  // Turns and time.

  @Override
  public void flush(long nowNs) {
    // Ending one's turn may touch another.
    for (int i = 0; i < touchedCount; i++) {
      LinkSession session = touched[i];
      touched[i] = null;
      session.turn.end(nowNs);
      dueNs = Math.min(dueNs, session.turn.dueNs());
    }
    touchedCount = 0;
    if (sessions.length <= FEW) {
      dueNs = Long.MAX_VALUE;
      for (LinkSession session : sessions) {
        dueNs = Math.min(dueNs, session.turn.dueNs());
      }
    }
  }

  @Override
  public long deadlineNs() {
    long deadline = dueNs;
    for (int i = 0; i < fresh.size(); i++) {
      deadline = Math.min(deadline, handshakeEndNs(fresh.get(i)));
    }
    return deadline;
  }

  @Override
  public void onTimer(long nowNs) {
    dueNs = Long.MAX_VALUE;
    for (LinkSession session : sessions) {
      if (nowNs >= session.turn.dueNs()) {
        session.onTimer(nowNs);
      } else {
        dueNs = Math.min(dueNs, session.turn.dueNs());
      }
    }
    flush(nowNs);
    for (int i = fresh.size() - 1; i >= 0; i--) {
      AcceptedRail rail = fresh.get(i);
      if (nowNs >= handshakeEndNs(rail)) {
        String text =
            rail.hello() == null ? "no HELLO in time" : "WELCOME was not answered in time";
        refuse(rail, RefuseCode.MALFORMED, text, nowNs);
      }
    }
  }

  private long handshakeEndNs(AcceptedRail rail) {
    return rail.clock.sinceNs + config.timers().handshakeNs();
  }
}
