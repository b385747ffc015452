package farslot.bench.path;

import farslot.linux.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets the main thread wait for what happens on data threads. */
final class Rounds implements AutoCloseable {
  private static final long GRACE_NS = 20_000_000_000L;
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Has something done on a loop, and waits until it is. */
  void on(EventLoop loop, Runnable what) throws InterruptedException, TimeoutException {
    CountDownLatch done = new CountDownLatch(1);
    loop.execute(
        () -> {
          what.run();
          done.countDown();
        });
    if (!done.await(GRACE_NS, TimeUnit.NANOSECONDS)) {
      throw new TimeoutException("a data thread does not answer");
    }
  }

  void finished() {
    finished.countDown();
  }

  void await(long forNs) throws InterruptedException, TimeoutException {
    if (!finished.await(forNs + GRACE_NS, TimeUnit.NANOSECONDS)) {
      throw new TimeoutException("a run does not end");
    }
  }

  @Override
  public void close() {
    finished.countDown();
  }
}
