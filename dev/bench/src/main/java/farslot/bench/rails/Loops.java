package farslot.bench.rails;

import farslot.linux.EventLoop;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Has things done on a loop, and waits for them. */
final class Loops {
  private static final long WAIT_SECONDS = 30;

  private Loops() {}

  static <T> T on(EventLoop loop, Callable<T> what) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(what.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  static void run(EventLoop loop, Runnable what) throws Exception {
    on(
        loop,
        () -> {
          what.run();
          return null;
        });
  }
}
