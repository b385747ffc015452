package farslot.carrier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.linux.EventLoop;
import farslot.linux.NetInterface;
import farslot.linux.NetworkNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Hosts that are network namespaces, and cables between them. Each lives as long as a process that
 * reads from this one: nothing is left over, whatever is killed.
 */
final class Hosts implements AutoCloseable {
  private final List<Host> all = new ArrayList<>();
  private final List<EventLoop> loops = new ArrayList<>();

  /** One of them. */
  record Host(Process holder) {
    private String namespace() {
      return "/proc/" + holder.pid() + "/ns/net";
    }

    /** Runs {@code ip} there. */
    void ip(String arguments) throws IOException, InterruptedException {
      run("nsenter --net=" + namespace() + " ip " + arguments);
    }

    private void awaitCarrier(String name) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (!call(() -> NetInterface.of(name).running())) {
        if (System.nanoTime() > end) {
          throw new AssertionError(name + " has no carrier");
        }
        Thread.sleep(5);
      }
    }

    /** Runs {@code tc} there. */
    void tc(String arguments) throws IOException, InterruptedException {
      run("nsenter --net=" + namespace() + " tc " + arguments);
    }

    /**
     * Loses a part of the packets that arrive, at random: by a classic BPF program, as lab/net does
     * it (ld rand; jge part, keep, drop).
     */
    void lose(String name, double part) throws IOException, InterruptedException {
      tc("qdisc add dev " + name + " clsact");
      long threshold = (long) (part * (1L << 32));
      String program =
          "4,32 0 0 4294963256,53 0 1 %d,6 0 0 4294967295,6 0 0 2".formatted(threshold);
      List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + namespace(), "tc"));
      command.addAll(List.of("filter", "replace", "dev", name, "ingress", "pref", "1"));
      command.addAll(List.of("handle", "1", "bpf", "da", "bytecode", program));
      run(command);
    }

    /** Does something there: sockets and threads that come of it are there, too. */
    <T> T call(Callable<T> what) throws Exception {
      FutureTask<T> task =
          new FutureTask<>(
              () -> {
                NetworkNamespace.enter(namespace());
                return what.call();
              });
      Thread.ofPlatform().daemon().start(task);
      try {
        return task.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }

  /** One more; skips the test, and says so, where there can be none. */
  Host add() throws IOException {
    Process holder =
        new ProcessBuilder("unshare", "--net", "sh", "-c", "echo there; exec cat")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean there = "there".equals(holder.inputReader().readLine());
    if (!there) {
      System.err.println("SKIPPED: no network namespaces here, so raw Ethernet is not tested");
    }
    assumeTrue(there || System.getenv("FARSLOT_NO_SKIP") != null, "no network namespaces here");
    Host host = new Host(holder);
    all.add(host);
    return host;
  }

  /** A cable, as {@code name} at both ends, which are up. */
  void cable(String name, Host a, int mtuA, Host b, int mtuB) throws Exception {
    run(
        "ip link add %s mtu %d netns %d type veth peer name %s mtu %d netns %d"
            .formatted(name, mtuA, a.holder.pid(), name, mtuB, b.holder.pid()));
    a.ip("link set " + name + " up");
    b.ip("link set " + name + " up");
    // Until Linux has seen its carrier an interface swallows what it is to send.
    a.awaitCarrier(name);
    b.awaitCarrier(name);
  }

  /** A loop that runs on a host, until all is over. */
  EventLoop loop(Host host) throws Exception {
    EventLoop loop = new EventLoop("loop", 0);
    loops.add(loop);
    host.call(loop::start);
    return loop;
  }

  private static void run(String command) throws IOException, InterruptedException {
    run(List.of(command.split(" ")));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
  }

  @Override
  public void close() {
    loops.forEach(EventLoop::close);
    all.forEach(host -> host.holder.destroyForcibly());
  }
}
