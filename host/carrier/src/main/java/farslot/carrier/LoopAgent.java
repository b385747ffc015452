package farslot.carrier;

import farslot.function.Agent;
import farslot.linux.EventLoop;

/** An {@link EventLoop} as core knows it. */
public final class LoopAgent implements Agent {
  private final EventLoop loop;

  public LoopAgent(EventLoop loop) {
    this.loop = loop;
  }

  @Override
  public long nowNs() {
    return loop.nowNs();
  }

  @Override
  public Timer timer(Runnable task) {
    return new LoopTimer(loop.timer(task));
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  private record LoopTimer(EventLoop.Timer timer) implements Timer {
    @Override
    public void arm(long delayNs) {
      timer.arm(delayNs);
    }

    @Override
    public void cancel() {
      timer.cancel();
    }
  }
}
