package farslot.link;

/** One rail at the end that dials: what comes before its session is its {@link Path}'s matter. */
final class DialledRail extends Connection {
  private final Path path;

  DialledRail(Path path, RailClock clock, Handshake handshake, LinkCounters counters) {
    super(clock, handshake, counters);
    this.path = path;
  }

  @Override
  boolean onHandshake(FrameView frame, long nowNs) {
    if (path.isTrying(this)) {
      path.onHandshake(frame, nowNs);
    }
    return false;
  }

  @Override
  void onBroken(FrameError error, FrameView frame, long nowNs) {
    if (path.isTrying(this)) {
      path.onBroken(error, frame, nowNs);
    }
  }

  @Override
  void onGone(String cause, long nowNs) {
    if (path.isTrying(this)) {
      path.onGone(cause, nowNs);
    }
  }
}
