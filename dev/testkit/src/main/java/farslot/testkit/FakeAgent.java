package farslot.testkit;

import farslot.function.Agent;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An agent whose time moves only when the test says so. Timers fire in the order of their
 * deadlines, equal ones in the order in which they were armed: the same every time.
 */
public final class FakeAgent implements Agent {
  /** More rounds than any test needs: something keeps itself busy. */
  private static final int ROUNDS_MAX = 10_000_000;

  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final TreeSet<FakeTimer> armed =
      new TreeSet<>(
          Comparator.comparingLong((FakeTimer timer) -> timer.deadlineNs)
              .thenComparingLong(timer -> timer.order));
  private long nowNs;
  private long order;

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public Timer timer(Runnable task) {
    return new FakeTimer(task);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs the tasks that wait, and those that they add. Returns whether there were any. */
  public boolean runTasks() {
    boolean ran = false;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Runnable task = tasks.poll();
      if (task == null) {
        return ran;
      }
      task.run();
      ran = true;
    }
    throw new AssertionError("tasks without end");
  }

  /** Moves time, firing what falls due on the way, each at its own time. */
  public void advance(long ns) {
    long endNs = nowNs + ns;
    runTasks();
    for (int round = 0; round < ROUNDS_MAX; round++) {
      if (armed.isEmpty() || armed.first().deadlineNs > endNs) {
        nowNs = endNs;
        return;
      }
      FakeTimer timer = armed.pollFirst();
      nowNs = Math.max(nowNs, timer.deadlineNs);
      timer.isArmed = false;
      timer.task.run();
      runTasks();
    }
    throw new AssertionError("timers without end");
  }

  /** When the next timer falls due, or -1. */
  public long nextTimerNs() {
    return armed.isEmpty() ? -1 : armed.first().deadlineNs;
  }

  private final class FakeTimer implements Timer {
    private final Runnable task;
    private long deadlineNs;
    private long order;
    private boolean isArmed;

    FakeTimer(Runnable task) {
      this.task = task;
    }

    @Override
    public void arm(long delayNs) {
      cancel();
      deadlineNs = nowNs + Math.max(0, delayNs);
      order = FakeAgent.this.order++;
      isArmed = true;
      armed.add(this);
    }

    @Override
    public void cancel() {
      if (isArmed) {
        armed.remove(this);
        isArmed = false;
      }
    }
  }
}
