package farslot.link;

import farslot.link.PathStatus.State;

/**
 * One way to the appliance: dials, shakes hands, gives its rail to the session, and does so again
 * whenever that rail is lost or falls silent. The end that owns it says when it may.
 *
 * <p>A rail that lasted and is lost is missed: for a while its path hurries, and gives up within a
 * fraction of a second what TCP would still be waiting for. The first packet after an outage should
 * be ours, not one that TCP sends seconds later.
 */
final class Path implements Dialer.Caller {
  /** How long an attempt to connect may take that is in a hurry; four round trips if longer. */
  static final long HURRIED_DIAL_NS = 80_000_000;

  /** The same for a handshake: the peer's program has to wake up for it. */
  static final long HURRIED_HANDSHAKE_NS = 300_000_000;

  /** The same for agreeing on keys, once somebody has answered: that is work for both ends. */
  static final long HURRIED_KEYS_NS = 1_500_000_000;

  /** How long a path hurries, from when its rail was lost. */
  static final long HURRY_NS = 10_000_000_000L;

  /** A timer that fires so late tells that this end was asleep, and has not looked for answers. */
  private static final long LATE_NS = 10_000_000;

  /** Longest pause between attempts meanwhile. */
  private static final long HURRIED_PAUSE_NS = 100_000_000;

  private enum Step {
    /** Nothing to do: it has a rail, or is not wanted. */
    REST,
    /** Until {@code deadlineNs}, then it dials again. */
    PAUSE,
    /** The carrier is at it. */
    DIAL,
    /** There is a rail, and it waits for its turn to say HELLO. */
    READY,
    /** HELLO is out. */
    HANDSHAKE
  }

  final int number;
  final Dialer dialer;
  private final LinkInitiator end;
  private Step step = Step.REST;
  private long deadlineNs = Long.MAX_VALUE;
  private long sinceNs;
  private String cause = "";

  /** The rail that is about to be had. */
  private DialledRail attempt;

  private long helloNs;

  /** The rail that the session has, as it and as this end know it; null without. */
  private SessionRail rail;

  private DialledRail joined;

  private long upSinceNs;

  /** Whether the rail has not answered for so long that another one is sought. */
  private boolean silent;

  /** Whether the rail works but is to be replaced. */
  private boolean ageing;

  private long hurryUntilNs = Long.MIN_VALUE;
  private long roundTripNs;
  private long pauseNs;
  private boolean gaveUp;

  /** Whether it leads to an appliance that does not know the session, while others carry it. */
  private boolean leadsElsewhere;

  /** When it was first said here that the session is not known, while others seemed to carry it. */
  private long unknownSinceNs = Long.MAX_VALUE;

  Path(int number, Dialer dialer, LinkInitiator end, long nowNs) {
    this.number = number;
    this.dialer = dialer;
    this.end = end;
    sinceNs = nowNs;
    pauseNs = end.timers().redialNs();
  }

  // What its end asks.

  /** Its end begins to connect. */
  void starts(long nowNs) {
    sinceNs = nowNs;
  }

  SessionRail rail() {
    return rail;
  }

  /** Whether it has a rail that answers, and will go on to. */
  boolean isWell() {
    if (rail != null && !rail.suspect()) {
      silent = false;
    }
    return rail != null && !silent && !ageing;
  }

  boolean isReady() {
    return step == Step.READY;
  }

  boolean isShakingHands() {
    return step == Step.HANDSHAKE;
  }

  boolean isTrying(DialledRail which) {
    return attempt == which;
  }

  PathStatus status() {
    State state =
        rail != null
            ? State.UP
            : switch (step) {
              case REST -> State.SPARE;
              case PAUSE -> State.WAITING;
              case DIAL, READY, HANDSHAKE -> State.DIALLING;
            };
    return new PathStatus(number, dialer.describe(), state, sinceNs, cause);
  }

  // What its end tells it.

  /** A rail is wanted. */
  void seek(long nowNs) {
    if (step == Step.REST) {
      dial(nowNs);
    }
  }

  /** No rail is wanted now, or the one that is there is good enough. */
  void rest(String why) {
    if (step == Step.REST) {
      return;
    }
    if (step == Step.DIAL) {
      dialer.abandon();
    }
    dropAttempt(why);
    step = Step.REST;
    deadlineNs = Long.MAX_VALUE;
  }

  /** The session has lost the rail. */
  void lost(String why, long nowNs) {
    cause = why;
    sinceNs = nowNs;
    roundTripNs = rail.clock.roundTripNs();
    rail = null;
    silent = false;
    ageing = false;
    LinkTimers timers = end.timers();
    if (nowNs - upSinceNs > timers.redialNsMax()) {
      pauseNs = timers.redialNs();
      hurry(nowNs);
    } else if (step == Step.REST) {
      // One that keeps breaking is dialled ever more slowly.
      pause("the connection did not last: " + why, nowNs);
    }
  }

  /**
   * Another path's rail has taken the place of this one's, in a session that uses one at a time.
   */
  void replaced(long nowNs) {
    rail = null;
    silent = false;
    ageing = false;
    sinceNs = nowNs;
  }

  /** A rail should be replaced while it still works: nothing is interrupted then. */
  void ageing(DialledRail which, String why, long nowNs) {
    if (rail != null && joined == which && !ageing) {
      ageing = true;
      end.tell(new LinkEvent.RailAgeing(dialer.describe(), why));
      end.review(nowNs);
    }
  }

  /** Nothing comes over the rail. */
  void silent(long nowNs) {
    if (!silent) {
      silent = true;
      roundTripNs = rail.clock.roundTripNs();
      hurry(nowNs);
    }
  }

  /** Nothing more is wanted, ever. */
  void end(String why) {
    rail = null;
    rest(why);
  }

  /** The session is over, and the rail with it. */
  void sessionDown(String why, long nowNs) {
    leadsElsewhere = false;
    unknownSinceNs = Long.MAX_VALUE;
    if (step == Step.HANDSHAKE) {
      // The peer is there but does not know the session: a new one can begin at once.
      rest(why);
    }
    if (rail != null) {
      lost(why, nowNs);
    }
  }

  private void hurry(long nowNs) {
    hurryUntilNs = nowNs + HURRY_NS;
    gaveUp = false;
  }

  boolean hurries(long nowNs) {
    return nowNs < hurryUntilNs && end.session().isPresent();
  }

  // Connecting.

  private void dial(long nowNs) {
    step = Step.DIAL;
    boolean givesUp = hurries(nowNs) && !dialer.repeatsItself();
    deadlineNs = givesUp ? nowNs + Math.max(HURRIED_DIAL_NS, 4 * roundTripNs) : Long.MAX_VALUE;
    dialer.dial(this);
  }

  @Override
  public RailListener onRail(Rail made, long nowNs) {
    DialledRail fresh = new DialledRail(this, end, new RailClock(made, nowNs));
    if (step != Step.DIAL) {
      made.close("not asked for");
      return fresh;
    }
    attempt = fresh;
    String stranger = end.stranger(made, made.protection().peer());
    if (!stranger.isEmpty()) {
      fail(stranger, nowNs);
      return fresh;
    }
    if (made.frameBytesMax() < end.frameBytesLeast()) {
      fail(end.tooSmall(made.frameBytesMax()), nowNs);
      return fresh;
    }
    step = Step.READY;
    deadlineNs = nowNs + end.timers().handshakeNs();
    end.review(nowNs);
    return fresh;
  }

  @Override
  public void onAnswered(long nowNs) {
    if (step == Step.DIAL && deadlineNs != Long.MAX_VALUE) {
      deadlineNs = nowNs + Math.max(HURRIED_KEYS_NS, 4 * roundTripNs);
    }
  }

  @Override
  public void onDialFailed(String why, long nowNs) {
    if (step == Step.DIAL) {
      pause(why, nowNs);
      end.review(nowNs);
    }
  }

  /** Gives the rail up that is not the session's yet. */
  void fail(String why, long nowNs) {
    dropAttempt(why);
    pause(why, nowNs);
    end.review(nowNs);
  }

  private void dropAttempt(String why) {
    if (attempt != null) {
      attempt.clock.rail.close(why);
      attempt = null;
    }
  }

  private void pause(String why, long nowNs) {
    if (rail == null) {
      sinceNs = step == Step.REST ? nowNs : sinceNs;
      cause = why;
    }
    long longest = hurries(nowNs) ? HURRIED_PAUSE_NS : end.timers().redialNsMax();
    long wait = end.randomPart(Math.min(pauseNs, longest));
    pauseNs = Math.min(2 * pauseNs, end.timers().redialNsMax());
    step = Step.PAUSE;
    deadlineNs = nowNs + wait;
    end.tell(new LinkEvent.DialFailed(dialer.describe(), why, wait));
  }

  // Shaking hands.

  /** It is this path's turn. */
  void sayHello(long nowNs) {
    step = Step.HANDSHAKE;
    helloNs = nowNs;
    deadlineNs = nowNs + (hurries(nowNs) ? hurriedHandshakeNs() : end.timers().handshakeNs());
    attempt.sayHello(nowNs);
  }

  /** Others could say HELLO if this path did not: it gets less time for its answer. */
  void othersWait() {
    deadlineNs = Math.min(deadlineNs, helloNs + hurriedHandshakeNs());
  }

  private long hurriedHandshakeNs() {
    return Math.min(end.timers().handshakeNs(), Math.max(HURRIED_HANDSHAKE_NS, 4 * roundTripNs));
  }

  /** The rail becomes the session's, in the place of this path's older one. */
  void join(int peerExpects, long nowNs) {
    LinkSession session = end.session().orElseThrow();
    DialledRail fresh = attempt;
    if (!fresh.confirm(session, peerExpects, nowNs)) {
      fail("the rail takes nothing", nowNs);
      return;
    }
    attempt = null;
    step = Step.REST;
    deadlineNs = Long.MAX_VALUE;
    upSinceNs = sinceNs = nowNs;
    silent = false;
    ageing = false;
    SessionRail as = session.onRail(fresh.clock, number, peerExpects, nowNs);
    fresh.join(session, as);
    if (as.inUse()) {
      rail = as;
      joined = fresh;
      end.onJoined(this, nowNs);
    }
  }

  /** The peer says that it does not know the session, or not where to resume. */
  void notResumed(LinkSession asked, String text, long nowNs) {
    if (asked == null) {
      fail("refused: " + text, nowNs);
      return;
    }
    boolean carried = asked.state() == LinkState.L0;
    if (carried) {
      // Either this path leads to another appliance, or its appliance has started anew and the
      // other rails are as dead as the session: only an answer over one of them tells.
      leadsElsewhere |= asked.answeredSince(unknownSinceNs);
      unknownSinceNs = Math.min(unknownSinceNs, nowNs);
    }
    if (!carried && !leadsElsewhere) {
      asked.down("the peer does not resume it: " + text);
    } else {
      String hint =
          leadsElsewhere ? " (the session works over other rails: another appliance?)" : "";
      fail("refused: " + text + hint, nowNs);
    }
  }

  // Time.

  long deadlineNs() {
    long repeatNs = attempt == null ? Long.MAX_VALUE : attempt.repeatNs();
    long confirmNs = rail == null ? Long.MAX_VALUE : joined.repeatNs();
    return Math.min(deadlineNs, Math.min(repeatNs, confirmNs));
  }

  void onTimer(long nowNs) {
    if (attempt != null) {
      attempt.repeat(nowNs);
    }
    if (rail != null) {
      joined.repeat(nowNs);
    }
    if (nowNs < deadlineNs) {
      return;
    }
    boolean awaits = step == Step.DIAL || step == Step.HANDSHAKE;
    if (awaits && nowNs - deadlineNs > LATE_NS) {
      deadlineNs = nowNs + LATE_NS;
      return;
    }
    deadlineNs = Long.MAX_VALUE;
    switch (step) {
      case REST -> {}
      case PAUSE -> {
        step = Step.REST;
        end.review(nowNs);
      }
      case DIAL -> dialAgain(nowNs);
      case READY -> fail("waited in vain for its turn", nowNs);
      case HANDSHAKE -> {
        if (hurries(nowNs)) {
          dialAgain(nowNs);
        } else {
          fail("no answer to HELLO", nowNs);
        }
      }
    }
  }

  /** Whatever TCP has sent is lost by now, and it would not send it again soon. */
  private void dialAgain(long nowNs) {
    if (!gaveUp) {
      gaveUp = true;
      end.tell(new LinkEvent.DialFailed(dialer.describe(), "no answer, asking quickly", 0));
    }
    rest("no answer");
    end.review(nowNs);
  }
}
