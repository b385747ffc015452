package farslot.vfiouser;

import farslot.linux.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A server of a {@link FakeFunction} on a loop of its own. */
final class Served implements AutoCloseable {
  final FakeFunction function = new FakeFunction();
  final Path path;
  final EventLoop loop = new EventLoop("served", 20_000);
  final VfioUserServer server;
  final List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
  private final Thread thread;

  Served(Path path) throws IOException {
    this(path, VfioUserOptions.defaults());
  }

  Served(Path path, VfioUserOptions options) throws IOException {
    loop.failures((source, cause) -> failures.add(cause));
    server = new VfioUserServer(loop, function, path, options);
    this.path = server.paths().getFirst();
    thread = loop.start();
  }

  TestClient connect() throws IOException {
    return TestClient.connected(path);
  }

  /** Runs on the loop's thread and waits for it. */
  <T> T on(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get(120, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  void run(Runnable task) {
    on(
        () -> {
          task.run();
          return null;
        });
  }

  /** Events since the last call. */
  List<String> events() {
    return on(
        () -> {
          List<String> result = List.copyOf(function.events);
          function.events.clear();
          return result;
        });
  }

  /** Waits until the server has no client. */
  void awaitNoClient() {
    long deadlineNs = System.nanoTime() + 120_000_000_000L;
    while (on(server::hasClient)) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("the session does not end");
      }
      Thread.yield();
    }
  }

  static long openFds() {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    run(server::close);
    loop.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("the loop saw failures", failures.getFirst());
    }
  }
}
