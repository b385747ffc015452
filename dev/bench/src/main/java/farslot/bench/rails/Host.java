package farslot.bench.rails;

import farslot.linux.NetworkNamespace;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace as a place to run things.
 *
 * @param holder a process that is in it
 */
record Host(String name, long holder) {
  /** Does something there, and waits. Sockets and threads that come of it are there, too. */
  <T> T call(Callable<T> what) throws Exception {
    FutureTask<T> task = new FutureTask<>(what);
    start(
            "on-" + name,
            () -> {
              task.run();
              return null;
            })
        .join();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Begins something there, on a thread of its own; what it throws ends the thread, loudly. */
  Thread start(String thread, Callable<?> what) {
    return Thread.ofPlatform()
        .name(thread)
        .daemon()
        .start(
            () -> {
              try {
                NetworkNamespace.enter("/proc/" + holder + "/ns/net");
                what.call();
              } catch (Exception e) {
                throw new IllegalStateException(name, e);
              }
            });
  }
}
