package farslot.link;

/**
 * One rail at the end that dials: says HELLO when its {@link Path} lets it, hears WELCOME or
 * REFUSE, and shows that it did. Where frames may be lost it repeats itself.
 */
final class DialledRail extends Connection {
  /** What may have been lost is said again after this long; doubles each time. */
  static final long REPEAT_NS = 50_000_000;

  /** Longest such pause while the path hurries. */
  private static final long REPEAT_NS_HURRIED = 100_000_000;

  /** How often WELCOME is answered without hearing anything, beyond the first time. */
  private static final int CONFIRMATIONS_MAX = 4;

  private final Path path;
  private final LinkInitiator end;

  /** What was said, and the session that it named; null for a new one. */
  private Hello hello;

  private LinkSession asked;
  private LinkSession joined;
  private int peerExpected;
  private long joinedNs;
  private int confirmations;
  private long repeatNs = Long.MAX_VALUE;
  private long repeatPauseNs = REPEAT_NS;

  DialledRail(Path path, LinkInitiator end, RailClock clock) {
    super(clock, end.handshake(), end.counters());
    this.path = path;
    this.end = end;
  }

  /** Asks for a session, or to join the one that there is. */
  void sayHello(long nowNs) {
    asked = end.session().orElse(null);
    hello = end.hello(path, clock.rail.frameBytesMax());
    sayIt(nowNs);
  }

  private void sayIt(long nowNs) {
    int id = asked == null ? 0 : asked.id();
    int expected = asked == null ? SessionTerms.FIRST_SEQ : asked.expected();
    repeatLater(nowNs);
    if (!say(FrameFormat.HELLO, id, expected, hello, nowNs)) {
      path.fail("the rail takes nothing", nowNs);
    }
  }

  /** Shows that WELCOME was heard; false if the rail takes nothing. */
  boolean confirm(LinkSession session, int peerExpects, long nowNs) {
    joined = session;
    joinedNs = nowNs;
    peerExpected = peerExpects;
    repeatPauseNs = REPEAT_NS;
    repeatLater(nowNs);
    return end.handshake().confirm(clock, session.id(), peerExpects, session.expected(), nowNs);
  }

  private void repeatLater(long nowNs) {
    repeatNs = clock.rail.reliable() ? Long.MAX_VALUE : nowNs + repeatPauseNs;
    repeatPauseNs = path.hurries(nowNs) ? REPEAT_NS_HURRIED : 2 * repeatPauseNs;
  }

  /** When {@link #repeat} has something to do; {@link Long#MAX_VALUE} for never. */
  long repeatNs() {
    return repeatNs;
  }

  /** Says again what has not been answered. */
  void repeat(long nowNs) {
    if (nowNs < repeatNs) {
      return;
    }
    if (joined == null) {
      sayIt(nowNs);
    } else if (clock.receivedNs > joinedNs
        || joined.state() == LinkState.DOWN
        || ++confirmations > CONFIRMATIONS_MAX) {
      repeatNs = Long.MAX_VALUE;
    } else {
      repeatLater(nowNs);
      end.handshake().confirm(clock, joined.id(), peerExpected, joined.expected(), nowNs);
    }
  }

  @Override
  boolean onHandshake(FrameView frame, long nowNs) {
    if (!path.isTrying(this)) {
      return false;
    }
    boolean reliable = clock.rail.reliable();
    if (!reliable && !answers(frame)) {
      // Where packets may come late, what answers an earlier rail's HELLO must not count here.
      end.counters().droppedFramesUnexpected++;
    } else if (frame.type() == FrameFormat.WELCOME && hello != null) {
      onWelcome(Hello.read(frame), frame, nowNs);
    } else if (frame.type() == FrameFormat.REFUSE) {
      onRefused(Farewell.read(frame), nowNs);
    } else {
      end.counters().droppedFramesUnexpected++;
      // Where packets overtake each other, what the peer sends next may come before its WELCOME.
      if (reliable) {
        path.fail("no answer to HELLO but frame type " + frame.type(), nowNs);
      }
    }
    return false;
  }

  private void onWelcome(Hello welcome, FrameView frame, long nowNs) {
    clock.received(frame, nowNs);
    int id = frame.sessionId();
    int expected = frame.ack();
    String stranger = end.stranger(clock.rail, welcome.nodeName());
    if (!stranger.isEmpty()) {
      path.fail(stranger, nowNs);
    } else if (!welcome.sizesValid() || id == 0) {
      path.fail("the peer's WELCOME makes no sense", nowNs);
    } else if (asked == null && expected != SessionTerms.FIRST_SEQ) {
      path.fail("a new session that does not begin at the beginning", nowNs);
    } else if (asked == null) {
      end.begin(hello, welcome, id, nowNs);
      path.join(expected, nowNs);
    } else if (id != asked.id()) {
      path.fail("WELCOME to another session than asked for", nowNs);
    } else if (!welcome.peer().equals(asked.peer())) {
      String whom = "leads to %s, the session is with %s";
      path.fail(whom.formatted(welcome.peer(), asked.peer()), nowNs);
    } else if (welcome.frameBytesMax() < asked.terms().frameBytesMax()) {
      path.fail(asked.terms().tooSmall(welcome.frameBytesMax()), nowNs);
    } else if (!asked.canResumeAt(expected)) {
      // Both ends would go on from different places for ever: better to begin anew.
      asked.down("the peer wants to resume at a frame that is not kept");
    } else {
      path.join(expected, nowNs);
    }
  }

  private void onRefused(Farewell refusal, long nowNs) {
    end.tell(new LinkEvent.RefusedByPeer(clock.rail.describe(), refusal.code(), refusal.text()));
    switch (refusal.code()) {
      case UNKNOWN_SESSION, BAD_TOKEN, SEQUENCE -> path.notResumed(asked, refusal.text(), nowNs);
      default -> path.fail("refused: " + refusal.text(), nowNs);
    }
  }

  @Override
  void onBroken(FrameError error, FrameView frame, long nowNs) {
    if (!path.isTrying(this)) {
      return;
    }
    boolean refusal =
        error == FrameError.VERSION
            && frame.type() == FrameFormat.REFUSE
            && Farewell.wellFormed(
                frame.segment(),
                frame.frameBodyOffset(),
                frame.frameBytes() - FrameFormat.HEADER_BYTES);
    if (refusal) {
      onRefused(Farewell.read(frame), nowNs);
    } else if (clock.rail.reliable()) {
      path.fail("what answers does not speak PCIeoE as it should: " + error, nowNs);
    }
  }

  @Override
  public void onAgeing(String cause, long nowNs) {
    path.ageing(this, cause, nowNs);
  }

  @Override
  void onGone(String cause, long nowNs) {
    if (path.isTrying(this)) {
      path.fail(cause, nowNs);
    }
  }
}
