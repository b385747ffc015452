package farslot.bench.many;

import farslot.appliance.Appliance;
import farslot.bench.path.Load;
import farslot.bench.path.NvmeRun;
import farslot.bench.path.Sample;
import farslot.bench.path.Took;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.Initiator;
import farslot.initiator.SoftwareServer;
import farslot.initiator.Unattended;
import farslot.linux.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * An appliance with many drives in memory, and servers that share them evenly, all in this process.
 * Only the first server has software that uses a drive: one.
 */
final class Fleet implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;
  private static final int DEPTH_MAX = 32;
  private static final int TRANSFER_BYTES = 4096;
  private static final long WORKING_BYTES = 1L << 20;
  private static final long RAM_BYTES = 4L << 20;
  private static final long HIGHEST_NS = 60_000_000_000L;

  private final Path dir;
  private final int functions;
  private final int servers;
  private final int spinUs;
  private final Appliance appliance;
  private final List<Initiator> idle = new ArrayList<>();
  private final SoftwareServer busy;
  private NvmeDriver driver;
  private long data;

  /** Makes and starts the appliance; nobody is attached yet. */
  Fleet(Path parent, int functions, int servers, int spinUs) throws IOException {
    this.functions = functions;
    this.servers = servers;
    this.spinUs = spinUs;
    dir = Files.createTempDirectory(parent, "fleet");
    appliance = new Appliance(Configurations.appliance(dir.resolve("state"), functions, spinUs));
    appliance.start();
    busy =
        new SoftwareServer(
            Configurations.initiator("busy", run(0), port(), share(0), spinUs), RAM_BYTES);
  }

  private Path run(int server) throws IOException {
    return Files.createDirectories(dir.resolve("run" + server));
  }

  private int port() {
    return appliance.port();
  }

  private List<String> share(int server) {
    return Configurations.share(functions, servers, server);
  }

  /**
   * Starts the servers, one when all functions of the one before are there.
   *
   * @param took told for each function of all servers but the first how long it was from the start
   *     of its server until it could be used, nanoseconds; on data threads
   */
  void attach(LongConsumer took) throws IOException, InterruptedException, TimeoutException {
    busy.boot(WAIT_SECONDS);
    for (int server = 1; server < servers; server++) {
      await(begin(server, took));
    }
  }

  /** Starts all servers but the first at once, and waits for all their functions. */
  void attachAtOnce() throws IOException, InterruptedException, TimeoutException {
    List<Initiator> begun = new ArrayList<>();
    for (int server = 1; server < servers; server++) {
      begun.add(begin(server, ns -> {}));
    }
    for (Initiator each : begun) {
      await(each);
    }
  }

  private Initiator begin(int server, LongConsumer took) throws IOException {
    long[] beginNs = new long[1];
    Initiator initiator =
        new Initiator(
            Configurations.initiator("server" + server, run(server), port(), share(server), spinUs),
            new Unattended(function -> took.accept(System.nanoTime() - beginNs[0])));
    idle.add(initiator);
    beginNs[0] = System.nanoTime();
    initiator.start();
    return initiator;
  }

  private static void await(Initiator initiator) throws InterruptedException, TimeoutException {
    if (!initiator.awaitReady(WAIT_SECONDS)) {
      throw new TimeoutException("functions are not there after " + WAIT_SECONDS + " s");
    }
    int wanted = initiator.config().functions().size();
    if (initiator.offered() < wanted) {
      throw new IllegalStateException(
          "%d of %d functions are there".formatted(initiator.offered(), wanted));
    }
  }

  /** Sets up the drive that is to be used. */
  void drive() throws InterruptedException, TimeoutException {
    driver =
        busy.nvme(
            busy.devices().get(0),
            new NvmeDriver.Options(DEPTH_MAX + 1, true, TRANSFER_BYTES),
            WAIT_SECONDS);
    data = busy.memory().allocate((long) DEPTH_MAX * TRANSFER_BYTES);
  }

  /** Random reads of 4 KiB for a time. */
  Sample read(int depth, long forNs) throws InterruptedException, TimeoutException {
    Load load = Load.read(TRANSFER_BYTES, depth);
    Histogram into = new Histogram(HIGHEST_NS, 3);
    NvmeRun run = new NvmeRun(driver, load, data, WORKING_BYTES, forNs, Took.into(into));
    busy.ask(
        TimeUnit.NANOSECONDS.toSeconds(forNs) + WAIT_SECONDS,
        end -> run.start(() -> end.complete(null)));
    return run.sample();
  }

  /** How often the loops of the appliance and of the first server have gone to sleep. */
  long sleeps() throws InterruptedException, TimeoutException {
    return sleeps(appliance.loop()) + sleeps(busy.initiator().loop());
  }

  private static long sleeps(EventLoop loop) throws InterruptedException, TimeoutException {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    loop.execute(() -> answer.complete(loop.sleeps()));
    try {
      return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes all servers away but the first. */
  void detach() {
    idle.forEach(Initiator::close);
    idle.clear();
  }

  @Override
  public void close() throws IOException {
    detach();
    busy.close();
    appliance.close();
    Folders.delete(dir);
  }
}
