package farslot.function.endpoint;

import farslot.function.Agent;
import java.util.ArrayList;
import java.util.List;

/** An agent whose time moves when the test says so; counts the timers that are armed. */
final class TestAgent implements Agent {
  private final List<TestTimer> armed = new ArrayList<>();
  private long nowNs = 1_000_000;

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public Timer timer(Runnable task) {
    return new TestTimer(task);
  }

  @Override
  public void execute(Runnable task) {
    throw new AssertionError("nothing here is put off");
  }

  int armed() {
    return armed.size();
  }

  void advance(long ns) {
    long endNs = nowNs + ns;
    while (true) {
      TestTimer first = null;
      for (TestTimer each : armed) {
        first = first == null || each.deadlineNs < first.deadlineNs ? each : first;
      }
      if (first == null || first.deadlineNs > endNs) {
        nowNs = endNs;
        return;
      }
      armed.remove(first);
      nowNs = first.deadlineNs;
      first.task.run();
    }
  }

  private final class TestTimer implements Timer {
    private final Runnable task;
    private long deadlineNs;

    TestTimer(Runnable task) {
      this.task = task;
    }

    @Override
    public void arm(long delayNs) {
      cancel();
      deadlineNs = nowNs + delayNs;
      armed.add(this);
    }

    @Override
    public void cancel() {
      armed.remove(this);
    }
  }
}
