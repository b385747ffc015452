package farslot.carrier;

import farslot.linux.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The thread that a program's TLPs run on: an event loop that is started once and stopped in order,
 * so that what is said last still goes out. Used from the program's other threads.
 */
public final class DataThread {
  private static final Logger LOG = System.getLogger(DataThread.class.getName());

  /** A loop that takes longer to stop hangs in a call: it is left behind rather than waited for. */
  private static final long STOP_SECONDS_MAX = 5;

  private final EventLoop loop;
  private Thread thread;

  public DataThread(EventLoop loop) {
    this.loop = loop;
  }

  public void start() {
    thread = loop.start();
  }

  /** The thread itself, null before {@link #start}. */
  public Thread thread() {
    return thread;
  }

  /** Waits until it has been stopped. */
  public void join() throws InterruptedException {
    thread.join();
  }

  /** Runs {@code goodbye} on the loop, gives it a turn to send what was said, and ends. */
  public void stop(Runnable goodbye) {
    try {
      if (thread == null || !thread.isAlive()) {
        goodbye.run();
        loop.close();
        return;
      }
      CountDownLatch said = new CountDownLatch(1);
      loop.execute(
          () -> {
            goodbye.run();
            loop.execute(said::countDown); // A turn later what was said has been sent.
          });
      if (!said.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "the data thread does not stop in {0} s", STOP_SECONDS_MAX);
      }
      loop.close();
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
    } catch (InterruptedException e) {
      loop.close();
      Thread.currentThread().interrupt();
    }
  }
}
