package farslot.link;

import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The end that dials: keeps a session with one appliance, resumes it after breaks, begins a new one
 * when it is lost (its owner attaches again on {@link LinkEvent.SessionUp}), until it is closed. On
 * the owner's thread only.
 */
public final class LinkInitiator implements LinkEnd, Dialer.Caller {
  private enum State {
    /** Not started, or closed. */
    IDLE,
    /** Until {@code deadlineNs}, then it dials again. */
    PAUSE,
    /** The carrier is at it. */
    DIAL,
    /** HELLO is out. */
    HANDSHAKE,
    /** The session has a rail. */
    UP
  }

  private final LinkConfig config;
  private final Dialer dialer;
  private final LinkListener listener;
  private final RandomGenerator random;
  private final Handshake handshake = new Handshake();
  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();
  private final LinkCounters counters = new LinkCounters();
  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private final LinkSession.Owner owner = new SessionOwner();
  private State state = State.IDLE;
  private LinkSession session;
  private AttachRequester requester;
  private Connection connection;
  private Hello hello;
  private long deadlineNs = Long.MAX_VALUE;
  private long upSinceNs;
  private long pauseNs;

  /**
   * @param random for the pauses between attempts to connect
   */
  public LinkInitiator(
      LinkConfig config, Dialer dialer, LinkListener listener, RandomGenerator random) {
    this.config = config;
    this.dialer = dialer;
    this.listener = listener;
    this.random = random;
    pauseNs = config.timers().redialNs();
  }

  /** Begins to connect. */
  public void start(long nowNs) {
    if (state == State.IDLE) {
      dial();
    }
  }

  /** The session that is there now, in L0 or RECOVERY. */
  public Optional<LinkSession> session() {
    return Optional.ofNullable(session);
  }

  /** What was counted outside of sessions. */
  public LinkCounters counters() {
    return counters;
  }

  /**
   * Asks for a function.
   *
   * @param functionName as the appliance exports it
   * @param epoch the assignment's number if the owner manages them, or 0
   * @param credits what this end grants for what the function sends
   * @param in where its TLPs go; nothing is called before {@code onAttached}
   */
  public void attach(
      String functionName, long epoch, Credits credits, TlpIn in, AttachListener answer) {
    Words.name(functionName);
    if (session == null) {
      String text = "no session with " + dialer.describe();
      later.add(() -> answer.onRefused(AttachRefusal.NO_SESSION, "", text));
    } else if (!requester.attach(functionName, epoch, credits, in, answer)) {
      String text = "too many questions at a time";
      later.add(() -> answer.onRefused(AttachRefusal.NO_RESOURCES, "", text));
    }
  }

  /** Says goodbye: the session and its streams go down, and no other one is begun. */
  public void close(String cause, long nowNs) {
    state = State.IDLE;
    deadlineNs = Long.MAX_VALUE;
    Connection old = connection;
    connection = null;
    if (session != null) {
      session.close(cause, nowNs);
    }
    if (old != null) {
      old.clock.rail.close(cause);
    }
  }

  // Connecting.

  private void dial() {
    state = State.DIAL;
    deadlineNs = Long.MAX_VALUE;
    dialer.dial(this);
  }

  @Override
  public RailListener onRail(Rail rail, long nowNs) {
    Connection fresh = new Connection(new RailClock(rail, nowNs));
    if (state != State.DIAL) {
      rail.close("not asked for");
      return fresh;
    }
    connection = fresh;
    state = State.HANDSHAKE;
    deadlineNs = nowNs + config.timers().handshakeNs();
    SessionTerms terms = session == null ? null : session.terms();
    hello =
        Hello.of(
            config,
            rail.frameBytesMax(),
            0,
            terms == null ? 0 : terms.tokenHigh(),
            terms == null ? 0 : terms.tokenLow());
    int id = session == null ? 0 : session.id();
    int expected = session == null ? SessionTerms.FIRST_SEQ : session.expected();
    if (!handshake.send(fresh.clock, FrameFormat.HELLO, id, expected, hello, nowNs)) {
      abandon("the rail takes nothing", nowNs);
    }
    return fresh;
  }

  @Override
  public void onDialFailed(String cause, long nowNs) {
    if (state == State.DIAL) {
      pause(cause, nowNs);
    }
  }

  /** Gives the rail up that shakes hands. */
  private void abandon(String cause, long nowNs) {
    connection.clock.rail.close(cause);
    connection = null;
    pause(cause, nowNs);
  }

  private void pause(String cause, long nowNs) {
    long wait = pauseNs / 2 + random.nextLong(pauseNs / 2 + 1);
    pauseNs = Math.min(2 * pauseNs, config.timers().redialNsMax());
    state = State.PAUSE;
    deadlineNs = nowNs + wait;
    listener.onEvent(new LinkEvent.DialFailed(dialer.describe(), cause, wait));
  }

  // Shaking hands.

  private void onHandshakeFrame(MemorySegment segment, long offset, int bytes, long nowNs) {
    RailClock rail = connection.clock;
    FrameError error =
        check.check(segment, offset, bytes, FrameFormat.FRAME_BYTES_MAX, !rail.rail.reliable());
    if (error == null || error == FrameError.VERSION) {
      frame.wrap(segment, offset);
    }
    if (error == FrameError.VERSION
        && frame.type() == FrameFormat.REFUSE
        && Farewell.wellFormed(
            segment, frame.frameBodyOffset(), frame.frameBytes() - FrameFormat.HEADER_BYTES)) {
      onRefused(Farewell.read(frame), nowNs);
    } else if (error != null) {
      counters.malformedFrames[error.ordinal()]++;
      if (rail.rail.reliable()) {
        abandon("malformed frame in the handshake: " + error, nowNs);
      }
    } else if (!rail.rail.reliable() && !rail.answersLast(frame)) {
      // Where packets may come late, what answers an earlier HELLO must not count for this one.
      counters.droppedFramesUnexpected++;
    } else if (frame.type() == FrameFormat.WELCOME) {
      onWelcome(Hello.read(frame), nowNs);
    } else if (frame.type() == FrameFormat.REFUSE) {
      onRefused(Farewell.read(frame), nowNs);
    } else {
      counters.droppedFramesUnexpected++;
      // Where packets overtake each other, what the peer sends next may come before its WELCOME.
      if (rail.rail.reliable()) {
        abandon("no answer to HELLO but frame type " + frame.type(), nowNs);
      }
    }
  }

  private void onWelcome(Hello welcome, long nowNs) {
    Connection here = connection;
    here.clock.received(frame, nowNs);
    boolean resumes = session != null;
    int expected = frame.ack();
    if (!welcome.sizesValid() || frame.sessionId() == 0) {
      abandon("the peer's WELCOME makes no sense", nowNs);
    } else if (resumes && frame.sessionId() != session.id()) {
      abandon("WELCOME to another session than asked for", nowNs);
    } else if (resumes && welcome.frameBytesMax() < session.terms().frameBytesMax()) {
      abandon("the peer does not take the session's frames any more", nowNs);
    } else if (resumes && !session.canResumeAt(expected)) {
      // Both ends would go on from different places for ever: better to begin anew.
      session.down("the peer wants to resume at a frame that is not kept");
    } else if (!resumes && expected != SessionTerms.FIRST_SEQ) {
      abandon("a new session that does not begin at the beginning", nowNs);
    } else {
      if (!resumes) {
        begin(welcome, frame.sessionId(), nowNs);
      }
      state = State.UP;
      deadlineNs = Long.MAX_VALUE;
      upSinceNs = nowNs;
      here.session = session;
      here.rail = session.onRail(here.clock, 0, expected, nowNs);
    }
  }

  private void begin(Hello welcome, int id, long nowNs) {
    SessionTerms terms =
        SessionTerms.of(true, config, hello, welcome, welcome.tokenHigh(), welcome.tokenLow());
    session = new LinkSession(id, terms, owner, listener, nowNs);
    requester = new AttachRequester(session, config.nodeName());
    session.control(requester);
  }

  private void onRefused(Farewell refusal, long nowNs) {
    String rail = connection.clock.rail.describe();
    listener.onEvent(new LinkEvent.RefusedByPeer(rail, refusal.code(), refusal.text()));
    boolean sessionGone =
        switch (refusal.code()) {
          case UNKNOWN_SESSION, BAD_TOKEN, SEQUENCE -> session != null;
          default -> false;
        };
    if (sessionGone) {
      session.down("the peer does not resume it: " + refusal.text());
    } else {
      abandon("refused: " + refusal.text(), nowNs);
    }
  }

  /** What happens to the session changes what this end does next. */
  private final class SessionOwner implements LinkSession.Owner {
    @Override
    public void onRailLost(LinkSession lost, SessionRail rail, String cause, long nowNs) {
      connection = null;
      redial(nowNs);
    }

    @Override
    public void onRailSilent(LinkSession session, SessionRail rail, long nowNs) {
      // Without RAILS a rail is waited for until its silence ends it.
    }

    @Override
    public void onDown(LinkSession down, String cause, long nowNs) {
      session = null;
      requester = null;
      Connection old = connection;
      connection = null;
      if (old != null) {
        old.clock.rail.close(cause);
      }
      if (state == State.UP) {
        redial(nowNs);
      } else if (state == State.HANDSHAKE) {
        // The peer does not know the session any more but is there: begin a new one at once.
        dial();
      }
    }

    /** At once after a rail that lasted; one that keeps breaking is dialled ever more slowly. */
    private void redial(long nowNs) {
      LinkTimers timers = config.timers();
      if (state == State.UP && nowNs - upSinceNs > timers.redialNsMax()) {
        pauseNs = timers.redialNs();
        dial();
      } else {
        pause("the connection did not last", nowNs);
      }
    }
  }

  /** One rail, from its HELLO to its end. */
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
      } else if (connection == this) {
        onHandshakeFrame(segment, offset, frameBytes, nowNs);
      }
    }

    @Override
    public void onMalformed(FrameError error, long nowNs) {
      if (session != null) {
        session.onMalformed(rail, error, nowNs);
      } else {
        counters.malformedFrames[error.ordinal()]++;
        if (connection == this) {
          abandon("what answers does not speak PCIeoE: " + error, nowNs);
        }
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
      if (session != null) {
        session.onRailDown(rail, cause, nowNs);
      } else if (connection == this) {
        connection = null;
        pause(cause, nowNs);
      }
    }
  }

  // Turns and time.

  @Override
  public void flush(long nowNs) {
    while (!later.isEmpty()) {
      later.remove().run();
    }
    if (session != null) {
      session.flush(nowNs);
    }
  }

  @Override
  public long deadlineNs() {
    return session == null ? deadlineNs : Math.min(deadlineNs, session.deadlineNs());
  }

  @Override
  public void onTimer(long nowNs) {
    if (session != null) {
      session.onTimer(nowNs);
    }
    if (nowNs >= deadlineNs) {
      deadlineNs = Long.MAX_VALUE;
      if (state == State.PAUSE) {
        dial();
      } else if (state == State.HANDSHAKE) {
        abandon("no answer to HELLO", nowNs);
      }
    }
    flush(nowNs);
  }
}
