package farslot.fabric;

import farslot.function.Agent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An agent whose time stands still until a test moves it. */
public final class ManualAgent implements Agent {
  private final List<ManualTimer> timers = new ArrayList<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private long nowNs = 1_000_000_000L;

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public Timer timer(Runnable task) {
    ManualTimer timer = new ManualTimer(task);
    timers.add(timer);
    return timer;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  boolean runTasks() {
    boolean any = false;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      any = true;
    }
    return any;
  }

  /** Lets the earliest timer within {@code ns} fire; false if there is none. */
  boolean fireNext(long ns) {
    ManualTimer next = null;
    for (ManualTimer timer : timers) {
      if (timer.atNs >= 0 && (next == null || timer.atNs < next.atNs)) {
        next = timer;
      }
    }
    if (next == null || next.atNs > nowNs + ns) {
      return false;
    }
    nowNs = Math.max(nowNs, next.atNs);
    next.atNs = -1;
    next.task.run();
    return true;
  }

  void advance(long ns) {
    nowNs += ns;
  }

  private final class ManualTimer implements Timer {
    private final Runnable task;
    private long atNs = -1;

    ManualTimer(Runnable task) {
      this.task = task;
    }

    @Override
    public void arm(long delayNs) {
      atNs = nowNs + delayNs;
    }

    @Override
    public void cancel() {
      atNs = -1;
    }
  }
}
