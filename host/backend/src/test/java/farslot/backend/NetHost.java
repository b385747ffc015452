package farslot.backend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.linux.NetworkNamespace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A host that is a network namespace; gone with the process that holds it. */
record NetHost(Process holder) implements AutoCloseable {
  /** One more; skips the test, and says so, where there can be none. */
  static NetHost make() throws IOException {
    Process holder =
        new ProcessBuilder(
                "unshare", "--net", "sh", "-c", "ip link set lo up; echo there; exec cat")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean there = "there".equals(holder.inputReader().readLine());
    if (!there) {
      System.err.println("SKIPPED: no network namespaces here, so Ethernet ports are not tested");
    }
    assumeTrue(there || System.getenv("FARSLOT_NO_SKIP") != null, "no network namespaces here");
    return new NetHost(holder);
  }

  /** Runs {@code ip} there. */
  void ip(String arguments) throws IOException, InterruptedException {
    List<String> command =
        List.of(("nsenter --net=/proc/" + holder.pid() + "/ns/net ip " + arguments).split(" "));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
  }

  /** A cable to another host, up at both ends. */
  void cable(String mine, NetHost other, String its) throws Exception {
    ip("link add " + mine + " type veth peer name " + its + " netns " + other.holder.pid());
    ip("link set " + mine + " up");
    other.ip("link set " + its + " up");
  }

  /** Does something there: sockets and threads that come of it are there, too. */
  <T> T call(Callable<T> what) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              NetworkNamespace.enter("/proc/" + holder.pid() + "/ns/net");
              return what.call();
            });
    Thread.ofPlatform().daemon().start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
