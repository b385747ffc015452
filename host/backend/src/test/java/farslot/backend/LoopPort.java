package farslot.backend;

import farslot.linux.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** An agent that is an event loop on a thread of its own. */
final class LoopPort implements TestAgent {
  private static final long WAIT_NS = 120_000_000_000L;

  private final EventLoop loop;

  LoopPort(EventLoop loop) {
    this.loop = loop;
  }

  @Override
  public void call(Runnable task) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Throwable[] thrown = new Throwable[1];
    loop.execute(
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            thrown[0] = e;
          }
          done.countDown();
        });
    if (!done.await(120, TimeUnit.SECONDS)) {
      throw new AssertionError("the loop does not answer");
    }
    if (thrown[0] != null) {
      throw new AssertionError(thrown[0]);
    }
  }

  @Override
  public void until(BooleanSupplier ended) {
    long untilNs = System.nanoTime() + WAIT_NS;
    while (!ended.getAsBoolean()) {
      if (System.nanoTime() - untilNs > 0) {
        throw new AssertionError("nothing was reported within 30 s");
      }
      LockSupport.parkNanos(20_000);
    }
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public Timer timer(Runnable task) {
    EventLoop.Timer timer = loop.timer(task);
    return new Timer() {
      @Override
      public void arm(long delayNs) {
        timer.arm(delayNs);
      }

      @Override
      public void cancel() {
        timer.cancel();
      }
    };
  }
}
