package farslot.fabric;

import farslot.function.Agent;
import java.util.ArrayDeque;
import java.util.Queue;

/** Those who wait for a reset's end; they are told by the deadline, whatever the card does. */
final class ResetWaiters {
  private record Waiter(LocalFunction.WriteDone done, long cookie) {}

  private final Agent.Timer timer;
  private final long deadlineNs;
  private final Queue<Waiter> waiters = new ArrayDeque<>();

  ResetWaiters(Agent agent, long deadlineNs) {
    this.deadlineNs = deadlineNs;
    this.timer = agent.timer(this::finish);
  }

  /** Adds one; true if nobody waited before, so that the reset has to begin. */
  boolean add(LocalFunction.WriteDone done, long cookie) {
    boolean first = waiters.isEmpty();
    waiters.add(new Waiter(done, cookie));
    if (first) {
      timer.arm(deadlineNs);
    }
    return first;
  }

  /** Tells all who wait. */
  void finish() {
    timer.cancel();
    for (int left = waiters.size(); left > 0; left--) {
      Waiter waiter = waiters.remove();
      waiter.done().done(waiter.cookie());
    }
  }
}
