package farslot.backend;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An agent that runs on the test's own thread, when the test waits. */
final class TestPort implements TestAgent {
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** Runs one task that somebody has posted or will post. */
  void turn() throws InterruptedException {
    Runnable task = tasks.poll(120, TimeUnit.SECONDS);
    if (task == null) {
      throw new AssertionError("nothing was reported within 30 s");
    }
    task.run();
  }

  @Override
  public void call(Runnable task) {
    task.run();
  }

  @Override
  public void until(BooleanSupplier ended) throws InterruptedException {
    while (!ended.getAsBoolean()) {
      turn();
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }
}
