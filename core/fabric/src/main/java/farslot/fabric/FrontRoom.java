package farslot.fabric;

import farslot.function.Agent;

/**
 * Whether the front may hand over more accesses. While it may not, it does not read its socket,
 * where a read with a deadline of its own may wait: so this lasts half the deadline at most. Better
 * a card that is gone than a hypervisor that gives up.
 */
final class FrontRoom {
  /** Who has to do something about it. */
  interface Port {
    /** There is room again, after it was wanted. */
    void onFrontRoom();

    /** Writes could not be sent for too long. */
    void onStuck(long stuckNs);
  }

  private final GuestView view;
  private final PostedWrites posted;
  private final AccessTable accesses;
  private final long stuckNsMax;
  private final Port port;
  private final Agent.Timer timer;
  private boolean wanted;

  FrontRoom(
      GuestView view,
      PostedWrites posted,
      AccessTable accesses,
      Agent agent,
      long deadlineNs,
      Port port) {
    this.view = view;
    this.posted = posted;
    this.accesses = accesses;
    this.stuckNsMax = deadlineNs / 2;
    this.port = port;
    this.timer = agent.timer(this::onStuck);
  }

  /** See {@link LocalFunction#hasRoom}. */
  boolean available() {
    if (isThere()) {
      return true;
    }
    if (!wanted) {
      wanted = true;
      timer.arm(stuckNsMax);
    }
    return false;
  }

  private boolean isThere() {
    return !view.present() || posted.hasRoom() && accesses.hasRoom();
  }

  /** Something has gone, or the card has: tells who waits. */
  void tell() {
    if (wanted && isThere()) {
      wanted = false;
      timer.cancel();
      port.onFrontRoom();
    }
  }

  private void onStuck() {
    if (wanted && view.present() && !posted.hasRoom()) {
      port.onStuck(stuckNsMax);
    } else {
      tell();
    }
  }
}
