package farslot.link;

/**
 * One rail at the end that is dialled: waits for HELLO, is welcomed or refused, and becomes a
 * session's when its first frame shows that WELCOME was heard. Until then it costs this object:
 * whoever repeats what others said, or says it for others, hears no WELCOME.
 */
final class AcceptedRail extends Connection {
  private final LinkAcceptor acceptor;
  private final LinkCounters counters;

  /** What was said, and answered; null before. */
  private Hello hello;

  private Hello answer;
  private int asked;
  private int sessionId;
  private boolean over;

  AcceptedRail(LinkAcceptor acceptor, RailClock clock, Handshake handshake) {
    super(clock, handshake, acceptor.counters());
    this.acceptor = acceptor;
    counters = acceptor.counters();
  }

  /** The peer's HELLO; only once it has been welcomed. */
  Hello hello() {
    return hello;
  }

  /** What it was answered. */
  Hello answer() {
    return answer;
  }

  /** The session that it was welcomed to, which there may not be yet; 0 before. */
  int sessionId() {
    return sessionId;
  }

  /** Whether the session is a new one. */
  boolean begins() {
    return asked == 0;
  }

  /** Nothing more is to be done with it here. */
  void over() {
    over = true;
  }

  /**
   * Says WELCOME.
   *
   * @param asked the session that HELLO named, 0 for a new one
   * @param id the session that there is or will be
   * @param expected the DATA frame that this end expects next
   */
  void welcome(Hello heard, Hello ours, int asked, int id, int expected, long nowNs) {
    hello = heard;
    answer = ours;
    this.asked = asked;
    sessionId = id;
    if (!say(FrameFormat.WELCOME, id, expected, ours, nowNs)) {
      acceptor.drop(this, "does not take WELCOME");
    }
  }

  @Override
  boolean onHandshake(FrameView frame, long nowNs) {
    if (over) {
      return false;
    }
    if (hello == null && frame.type() == FrameFormat.HELLO) {
      clock.received(frame, nowNs);
      acceptor.onHello(this, Hello.read(frame), frame.sessionId(), frame.ack(), nowNs);
    } else if (isRepetition(frame)) {
      clock.received(frame, nowNs);
      acceptor.welcomeAgain(this, nowNs);
    } else if (isConfirmation(frame)) {
      return acceptor.onConfirmed(this, frame.ack(), nowNs);
    } else {
      onUnexpected(nowNs);
    }
    return false;
  }

  /** HELLO is repeated where it may have been lost, or its answer. */
  private boolean isRepetition(FrameView frame) {
    return hello != null
        && !clock.rail.reliable()
        && frame.type() == FrameFormat.HELLO
        && frame.sessionId() == asked
        && Hello.read(frame).equals(hello);
  }

  /** Whatever belongs to a session, in the one that only who has heard WELCOME knows. */
  private boolean isConfirmation(FrameView frame) {
    return hello != null
        && frame.sessionId() == sessionId
        && (frame.type() == FrameFormat.DATA
            || frame.type() == FrameFormat.ACK
            || frame.type() == FrameFormat.BYE)
        && (clock.rail.reliable() || answers(frame));
  }

  private void onUnexpected(long nowNs) {
    counters.droppedFramesUnexpected++;
    if (clock.rail.reliable()) {
      acceptor.refuse(
          this,
          RefuseCode.MALFORMED,
          hello == null ? "a connection begins with HELLO" : "WELCOME is answered in its session",
          nowNs);
    }
  }

  @Override
  void onBroken(FrameError error, FrameView frame, long nowNs) {
    if (over) {
      return;
    }
    if (error == FrameError.VERSION) {
      String text =
          "you speak PCIeoE version %d, this end speaks version %d"
              .formatted(frame.versionMajor(), FrameFormat.VERSION_MAJOR);
      acceptor.refuse(this, RefuseCode.VERSION, text, nowNs);
    } else {
      String text = "this is a PCIeoE port; what came is not: " + error;
      acceptor.refuse(this, RefuseCode.MALFORMED, text, nowNs);
    }
  }

  @Override
  void onGone(String cause, long nowNs) {
    acceptor.forget(this);
  }
}
