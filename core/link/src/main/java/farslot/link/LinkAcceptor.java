package farslot.link;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The end that is dialled: serves many sessions, finds the one that a new rail wants to resume by
 * number and token, and keeps each function with one holder. On the owner's thread only.
 */
public final class LinkAcceptor implements LinkEnd, RailTaker {
  private final LinkConfig config;
  private final AttachHandler handler;
  private final LinkListener listener;
  private final RandomGenerator random;
  private final Handshake handshake = new Handshake();
  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();
  private final Holders holders = new Holders();
  private final LinkCounters counters = new LinkCounters();
  private final LinkSession.Owner owner = new SessionOwner();
  private final List<Connection> fresh = new ArrayList<>();

  /** Replaced, not changed, so that callbacks may end sessions while it is walked. */
  private LinkSession[] sessions = {};

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

  /** What was counted outside of sessions. */
  public LinkCounters counters() {
    return counters;
  }

  /** Says goodbye to everybody; rails that come later are refused. */
  public void close(String cause, long nowNs) {
    closed = true;
    for (LinkSession session : sessions) {
      session.close(cause, nowNs);
    }
    for (Connection connection : List.copyOf(fresh)) {
      connection.refuse(RefuseCode.SHUTTING_DOWN, cause, nowNs);
    }
  }

  @Override
  public RailListener onRail(Rail rail, long nowNs) {
    Connection connection = new Connection(new RailClock(rail, nowNs));
    fresh.add(connection);
    if (closed) {
      connection.refuse(RefuseCode.SHUTTING_DOWN, "going down", nowNs);
    } else if (fresh.size() > config.sizes().sessionsMax()) {
      connection.refuse(RefuseCode.BUSY, "too many connections without a session", nowNs);
    }
    return connection;
  }

  /** One rail, from before its HELLO to its end. */
  private final class Connection implements RailListener {
    private final RailClock clock;
    private LinkSession session;
    private SessionRail rail;

    Connection(RailClock clock) {
      this.clock = clock;
    }

    @Override
    public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
      if (session != null) {
        session.onFrame(rail, segment, offset, frameBytes, nowNs);
      } else if (fresh.contains(this)) {
        onFirstFrame(segment, offset, frameBytes, nowNs);
      }
    }

    private void onFirstFrame(MemorySegment segment, long offset, int bytes, long nowNs) {
      FrameError error =
          check.check(segment, offset, bytes, FrameFormat.FRAME_BYTES_MAX, !clock.rail.reliable());
      if (error == null || error == FrameError.VERSION) {
        frame.wrap(segment, offset);
      }
      if (error == FrameError.VERSION) {
        counters.malformedFrames[error.ordinal()]++;
        refuse(
            RefuseCode.VERSION,
            "you speak PCIeoE version %d, this end speaks version %d"
                .formatted(frame.versionMajor(), FrameFormat.VERSION_MAJOR),
            nowNs);
      } else if (error != null) {
        onMalformed(error, nowNs);
      } else if (frame.type() != FrameFormat.HELLO) {
        counters.droppedFramesUnexpected++;
        refuse(RefuseCode.MALFORMED, "a connection begins with HELLO", nowNs);
      } else {
        clock.received(frame, nowNs);
        onHello(this, Hello.read(frame), nowNs);
      }
    }

    @Override
    public void onMalformed(FrameError error, long nowNs) {
      if (session != null) {
        session.onMalformed(rail, error, nowNs);
      } else if (fresh.contains(this)) {
        counters.malformedFrames[error.ordinal()]++;
        refuse(RefuseCode.MALFORMED, "this is a PCIeoE port; what came is not: " + error, nowNs);
      }
    }

    @Override
    public void onWritable(long nowNs) {
      if (session != null) {
        session.onWritable(rail, nowNs);
      }
    }

    @Override
    public void onDown(String cause, long nowNs) {
      fresh.remove(this);
      if (session != null) {
        session.onRailDown(rail, cause, nowNs);
      }
    }

    void refuse(RefuseCode code, String text, long nowNs) {
      fresh.remove(this);
      counters.sessionsRefused++;
      handshake.refuse(clock, 0, code, text, nowNs);
      listener.onEvent(new LinkEvent.Refused(clock.rail.describe(), code, text));
    }
  }

  // HELLO.

  private void onHello(Connection connection, Hello hello, long nowNs) {
    Rail rail = connection.clock.rail;
    if (!hello.sizesValid() || rail.frameBytesMax() < FrameFormat.FRAME_BYTES_LEAST) {
      connection.refuse(RefuseCode.FRAME_SIZE, "sizes out of range in HELLO", nowNs);
    } else if (frame.sessionId() == 0) {
      begin(connection, hello, nowNs);
    } else {
      resume(connection, hello, frame.sessionId(), frame.ack(), nowNs);
    }
  }

  private void begin(Connection connection, Hello hello, long nowNs) {
    // Who begins anew has lost its session: restarted, or never got our WELCOME.
    for (LinkSession session : sessions) {
      if (session.peer().nodeName().equals(hello.nodeName())) {
        session.close(
            RefuseCode.REPLACED, "replaced: " + hello.peer() + " began a new session", nowNs);
      }
    }
    if (sessions.length >= config.sizes().sessionsMax()) {
      connection.refuse(RefuseCode.BUSY, "as many sessions as this end serves", nowNs);
      return;
    }
    Hello ours =
        Hello.of(
            config,
            connection.clock.rail.frameBytesMax(),
            hello.rail(),
            random.nextLong(),
            random.nextLong());
    SessionTerms terms =
        SessionTerms.of(false, config, ours, hello, ours.tokenHigh(), ours.tokenLow());
    LinkSession session;
    try {
      session = new LinkSession(freeId(), terms, owner, listener, nowNs);
    } catch (OutOfMemoryError e) {
      connection.refuse(RefuseCode.BUSY, "no memory for another session", nowNs);
      return;
    }
    session.control(new AttachResponder(session, handler, holders));
    if (welcome(connection, session, ours, nowNs)) {
      add(session);
      enter(connection, session, hello, SessionTerms.FIRST_SEQ, nowNs);
    } else {
      session.down("the rail did not take WELCOME");
    }
  }

  private void resume(Connection connection, Hello hello, int id, int expects, long nowNs) {
    LinkSession session = find(id);
    if (session == null) {
      connection.refuse(
          RefuseCode.UNKNOWN_SESSION,
          "session %08x is not known here: restarted, or over its hold time".formatted(id),
          nowNs);
    } else if (!session.terms().tokenIs(hello.tokenHigh(), hello.tokenLow())
        || !session.peer().equals(hello.peer())) {
      connection.refuse(RefuseCode.BAD_TOKEN, "this session is not yours", nowNs);
    } else if (Math.min(connection.clock.rail.frameBytesMax(), hello.frameBytesMax())
        < session.terms().frameBytesMax()) {
      connection.refuse(
          RefuseCode.FRAME_SIZE, "this rail does not take the session's frames", nowNs);
    } else if (!session.canResumeAt(expects)) {
      connection.refuse(RefuseCode.SEQUENCE, "the frame to resume at is not kept", nowNs);
      session.down("the peer wants to resume at a frame that is not kept");
    } else {
      Hello ours =
          Hello.of(
              config,
              connection.clock.rail.frameBytesMax(),
              hello.rail(),
              session.terms().tokenHigh(),
              session.terms().tokenLow());
      if (welcome(connection, session, ours, nowNs)) {
        enter(connection, session, hello, expects, nowNs);
      }
    }
  }

  private boolean welcome(Connection connection, LinkSession session, Hello ours, long nowNs) {
    boolean taken =
        handshake.send(
            connection.clock, FrameFormat.WELCOME, session.id(), session.expected(), ours, nowNs);
    if (!taken) {
      fresh.remove(connection);
      connection.clock.rail.close("does not take WELCOME");
    }
    return taken;
  }

  private void enter(
      Connection connection, LinkSession session, Hello hello, int expects, long nowNs) {
    fresh.remove(connection);
    connection.session = session;
    connection.rail = session.onRail(connection.clock, hello.rail(), expects, nowNs);
  }

  // Sessions.

  private LinkSession find(int id) {
    for (LinkSession session : sessions) {
      if (session.id() == id) {
        return session;
      }
    }
    return null;
  }

  private int freeId() {
    int id;
    do {
      id = random.nextInt();
    } while (id == 0 || find(id) != null);
    return id;
  }

  private void add(LinkSession session) {
    LinkSession[] more = java.util.Arrays.copyOf(sessions, sessions.length + 1);
    more[sessions.length] = session;
    sessions = more;
  }

  private final class SessionOwner implements LinkSession.Owner {
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
      sessions = left.toArray(LinkSession[]::new);
    }
  }

  // Turns and time.

  @Override
  public void flush(long nowNs) {
    for (LinkSession session : sessions) {
      session.flush(nowNs);
    }
  }

  @Override
  public long deadlineNs() {
    long deadline = Long.MAX_VALUE;
    for (LinkSession session : sessions) {
      deadline = Math.min(deadline, session.deadlineNs());
    }
    for (int i = 0; i < fresh.size(); i++) {
      deadline = Math.min(deadline, handshakeEndNs(fresh.get(i)));
    }
    return deadline;
  }

  @Override
  public void onTimer(long nowNs) {
    for (LinkSession session : sessions) {
      session.onTimer(nowNs);
    }
    for (int i = fresh.size() - 1; i >= 0; i--) {
      Connection connection = fresh.get(i);
      if (nowNs >= handshakeEndNs(connection)) {
        connection.refuse(RefuseCode.MALFORMED, "no HELLO in time", nowNs);
      }
    }
  }

  private long handshakeEndNs(Connection connection) {
    return connection.clock.sinceNs + config.timers().handshakeNs();
  }
}
