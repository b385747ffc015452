package farslot.backend;

import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An agent that runs on the test's own thread, when the test waits. */
final class TestPort implements FunctionPort {
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** Runs one task that somebody has posted or will post. */
  void turn() throws InterruptedException {
    Runnable task = tasks.poll(30, TimeUnit.SECONDS);
    if (task == null) {
      throw new AssertionError("nothing was reported within 30 s");
    }
    task.run();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public long nowNs() {
    return System.nanoTime();
  }

  @Override
  public Timer timer(Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Dma dma() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Interrupts interrupts() {
    throw new UnsupportedOperationException();
  }
}
