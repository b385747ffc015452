package farslot.bench.path;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.LocalFunction;
import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.function.CardProvider;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import farslot.link.LinkSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The path under test: an appliance with a drive in memory and a software server, in this process.
 */
public final class PathRig implements AutoCloseable {
  private static final int DEPTH_MAX = 128;
  private static final long WAIT_SECONDS = 60;
  private static final long DRIVE_BYTES = 256L << 20;

  /** As much as the floor sends from: it is the path that is measured, not the machine's memory. */
  private static final long WORKING_BYTES = 1L << 20;

  private static final long DATA_BYTES = 8L << 20;
  private static final int TRANSFER_BYTES = 128 << 10;

  private final Path dir;
  private final Appliance appliance;
  private final SoftwareServer server;
  private final PciDevice device;
  private final NvmeDriver driver;
  private final long data;
  private final Meter meter;

  /**
   * Who stands between the parts, to look at what goes through.
   *
   * @param cards kinds of card by name, for the appliance
   * @param between given a function, returns what the server's software uses
   */
  public record Between(Map<String, CardProvider> cards, UnaryOperator<LocalFunction> between) {
    /** Nobody: the path as users have it. */
    public static final Between NOBODY = new Between(Appliance.cards(), UnaryOperator.identity());
  }

  /**
   * Sets everything up, which takes a second.
   *
   * @param spinUs as in the programs' configurations
   * @param initiator what else its configuration says
   */
  public PathRig(int spinUs, Map<String, Object> initiator, Between between) throws Exception {
    this(spinUs, initiator, between, Map.of("ram", DRIVE_BYTES));
  }

  /** With a drive in a file, used as its configuration says. */
  public static PathRig onFile(int spinUs, Path file, Map<String, Object> how) throws Exception {
    Map<String, Object> namespace = new HashMap<>(how);
    namespace.put("file", file.toString());
    namespace.put("size", DRIVE_BYTES);
    return new PathRig(spinUs, Map.of(), Between.NOBODY, namespace);
  }

  private PathRig(
      int spinUs, Map<String, Object> initiator, Between between, Map<String, Object> namespace)
      throws Exception {
    dir = Files.createTempDirectory("farslot-bench");
    Files.createDirectory(dir.resolve("run"));
    appliance = appliance(spinUs, between.cards(), namespace);
    server = server(spinUs, initiator, between.between());
    try {
      server.boot(WAIT_SECONDS);
      device = server.devices().get(0);
      driver =
          server.nvme(
              device, new NvmeDriver.Options(DEPTH_MAX + 1, true, TRANSFER_BYTES), WAIT_SECONDS);
      data = server.memory().allocate(DATA_BYTES);
      LinkSession session =
          server.ask(WAIT_SECONDS, end -> end.complete(server.initiator().session().orElseThrow()));
      meter = new Meter(session, appliance.dataThread(), server.initiator().dataThread());
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private Appliance appliance(
      int spinUs, Map<String, CardProvider> cards, Map<String, Object> namespace)
      throws IOException {
    Map<String, Object> drive =
        Map.of(
            "name", "disk0",
            "card", "nvme",
            "serial", "BENCH",
            "namespaces", List.of(namespace));
    Map<String, Object> values =
        Map.of(
            "listen",
            "127.0.0.1:0",
            "state-dir",
            dir.resolve("state").toString(),
            "spin-us",
            spinUs,
            "slots",
            List.of(drive));
    Appliance made = new Appliance(ApplianceConfig.of("bench", values), cards);
    if (!made.failures().isEmpty()) {
      made.close();
      throw new IOException("the appliance: " + made.failures());
    }
    made.start();
    return made;
  }

  private SoftwareServer server(
      int spinUs, Map<String, Object> more, UnaryOperator<LocalFunction> between) {
    Map<String, Object> values = new HashMap<>(more);
    values.put("name", "bench");
    values.put("appliance", "127.0.0.1:" + appliance.port());
    values.put("run-dir", dir.resolve("run").toString());
    values.put("spin-us", spinUs);
    values.put("functions", List.of("disk0"));
    return new SoftwareServer(InitiatorConfig.of("bench", values), 2 * DATA_BYTES, between);
  }

  public Appliance appliance() {
    return appliance;
  }

  public SoftwareServer server() {
    return server;
  }

  /** Processor time of both data threads in the last run, nanoseconds. */
  public long processorNs() {
    return meter.processorNs();
  }

  /** What the data threads have used since a run began. */
  Meter meter() {
    return meter;
  }

  /** Puts a load on the path for a time, and tells what each operation took. */
  public Sample run(BenchCase of, long forNs, Took into)
      throws InterruptedException, TimeoutException {
    return of.drive() ? run(of.load(), forNs, into) : run(new MmioRun(device, forNs, into), forNs);
  }

  /** The same for a load on the drive. */
  public Sample run(Load load, long forNs, Took into)
      throws InterruptedException, TimeoutException {
    return run(new NvmeRun(driver, load, data, WORKING_BYTES, forNs, into), forNs);
  }

  /** A run is made elsewhere, so that what the data threads allocate is the path's. */
  private Sample run(Run run, long forNs) throws InterruptedException, TimeoutException {
    try (Rounds rounds = new Rounds()) {
      Runnable finished = rounds::finished;
      Runnable begin = () -> run.start(finished);
      meter.mark();
      server.agent().execute(begin);
      rounds.await(forNs);
      meter.stop();
    }
    return run.sample();
  }

  @Override
  public void close() throws IOException {
    server.close();
    appliance.close();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
