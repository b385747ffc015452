package farslot.link;

/** One rail in a session: whatever a {@link LinkSession} knows of it. */
final class SessionRail {
  final RailClock clock;
  final int number;

  /**
   * @param number of the path, 0 to {@link FrameFormat#RAILS_MAX} - 1
   */
  SessionRail(RailClock clock, int number) {
    this.clock = clock;
    this.number = number;
  }

  /** For people. */
  String name() {
    return clock.rail.describe();
  }
}
