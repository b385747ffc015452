package farslot.link;

import java.lang.foreign.MemorySegment;

/**
 * One rail from before its first frame to its end: first it shakes hands, as its end does that;
 * then whatever comes out of it is its session's.
 */
abstract class Connection implements RailListener {
  final RailClock clock;
  private final Handshake handshake;
  private final LinkCounters counters;
  private LinkSession session;
  private SessionRail rail;
  private boolean spoke;
  private int firstTime;
  private int lastTime;

  /**
   * @param counters of what is wrong before there is a session
   */
  Connection(RailClock clock, Handshake handshake, LinkCounters counters) {
    this.clock = clock;
    this.handshake = handshake;
    this.counters = counters;
  }

  /**
   * A good frame, before there is a session.
   *
   * @return whether {@link #join} was called and the frame is the session's first
   */
  abstract boolean onHandshake(FrameView frame, long nowNs);

  /**
   * What came is no frame of this version. On an unreliable rail it is not told: it is lost.
   *
   * @param frame the frame if {@code error} is {@link FrameError#VERSION}
   */
  abstract void onBroken(FrameError error, FrameView frame, long nowNs);

  /** The rail has ended by itself before there was a session. */
  abstract void onGone(String cause, long nowNs);

  /** From now on it is this session's. */
  final void join(LinkSession joined, SessionRail as) {
    session = joined;
    rail = as;
  }

  /** Sends HELLO or WELCOME; false if the rail does not take it. */
  final boolean say(int type, int sessionId, int expected, Hello hello, long nowNs) {
    boolean taken = handshake.send(clock, type, sessionId, expected, hello, nowNs);
    lastTime = handshake.sentTime();
    firstTime = spoke ? firstTime : lastTime;
    spoke = true;
    return taken;
  }

  /**
   * Whether a frame answers what was said here, by the time stamp that it echoes: where packets may
   * come late or again, what was meant for another rail or was said yesterday must not count.
   */
  final boolean answers(FrameView frame) {
    return spoke
        && (frame.flags() & FrameFormat.FLAG_ECHO) != 0
        && Integer.compareUnsigned(frame.echoTime() - firstTime, lastTime - firstTime) <= 0;
  }

  @Override
  public final void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
    if (session != null || beforeSession(segment, offset, frameBytes, nowNs)) {
      session.onFrame(rail, segment, offset, frameBytes, nowNs);
    }
  }

  private boolean beforeSession(MemorySegment segment, long offset, int bytes, long nowNs) {
    FrameError error = handshake.read(clock.rail, segment, offset, bytes);
    if (error == null) {
      return onHandshake(handshake.frame(), nowNs);
    }
    counters.malformedFrames[error.ordinal()]++;
    if (error == FrameError.VERSION || clock.rail.reliable()) {
      onBroken(error, handshake.frame(), nowNs);
    }
    return false;
  }

  @Override
  public final void onMalformed(FrameError error, long nowNs) {
    if (session != null) {
      session.onMalformed(rail, error, nowNs);
    } else {
      counters.malformedFrames[error.ordinal()]++;
      onBroken(error, handshake.frame(), nowNs);
    }
  }

  @Override
  public final void onWritable(long nowNs) {
    if (session != null) {
      session.onWritable(rail, nowNs);
    }
  }

  @Override
  public void onAgeing(String cause, long nowNs) {
    // Whoever dials replaces it.
  }

  @Override
  public final void onDown(String cause, long nowNs) {
    if (session != null) {
      session.onRailDown(rail, cause, nowNs);
    } else {
      onGone(cause, nowNs);
    }
  }
}
