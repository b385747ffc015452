package farslot.link;

/**
 * Streams whose claims were refused, and who are called when there is room again: in the order in
 * which they came, so that none starves.
 */
final class RoomQueue {
  /** Who may send what; off while nobody has a {@link Qos}. */
  final Shaping shaping;

  private final StreamQueue waitForBuffer = new StreamQueue();
  private final StreamQueue creditsThere = new StreamQueue();

  RoomQueue(LinkSession session) {
    shaping = new Shaping(session);
  }

  /** The replay buffer had no room for it. */
  void waitsForBuffer(LinkStream stream) {
    waitForBuffer.add(stream);
  }

  /** It has got the credits that it lacked. */
  void creditsThere(LinkStream stream) {
    creditsThere.add(stream);
  }

  /** Whether somebody may have to be called at the end of a turn. */
  boolean anyWaits(long nowNs) {
    return waitForBuffer.size() > 0 || shaping.isDue(nowNs);
  }

  /** Calls those for whom there is room; whoever waits again meanwhile waits for the next time. */
  void serve(LinkSession session) {
    for (int n = creditsThere.size(); n > 0 && session.state() != LinkState.DOWN; n--) {
      creditsThere.poll().creditsThere();
    }
    for (int n = waitForBuffer.size(); n > 0 && session.state() != LinkState.DOWN; n--) {
      if (session.sender().claim(waitForBuffer.peek().bufferWanted()) < 0) {
        break; // Whose time has come is called all the same: or it would be due for ever.
      }
      waitForBuffer.poll().bufferThere();
    }
    if (session.state() != LinkState.DOWN && shaping.isDue(session.nowNs)) {
      shaping.serve();
    }
  }
}
