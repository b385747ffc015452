package farslot.bench;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.bench.many.ManyBench;
import farslot.bench.rails.RailBench;
import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import farslot.link.LinkSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Measures the whole path against bare TCP on the same machine in the same run: an appliance with a
 * drive in memory and a software root complex, on a thread each, over loopback. Measured runs and
 * runs of the floor alternate, so that what the machine does besides hits both. Ratios are what
 * counts; absolute figures drift with the machine.
 */
public final class Bench {
  private static final int DEPTH_MAX = 128;
  private static final long WAIT_SECONDS = 60;
  private static final long DRIVE_BYTES = 256L << 20;

  /** As much as the floor sends from: it is the path that is measured, not the machine's memory. */
  private static final long WORKING_BYTES = 1L << 20;

  private static final long DATA_BYTES = 8L << 20;
  private static final int TRANSFER_BYTES = 128 << 10;
  private static final int ROUNDS = 5;
  private static final long FILL_NS = 1_500_000_000L;

  /** A round of a warm-up, half of it the floor's. */
  private static final long WARM_UP_NS = 500_000_000L;

  /** Rounds of a warm-up at most; a busy machine may compile for that long. */
  private static final int WARM_UPS_MAX = 12;

  /** What a round of a warm-up has to save at least for another to be worth it. */
  private static final double GAIN_LEAST = 0.05;

  private final Options options;
  private final Consumer<String> progress;

  /**
   * @param seconds for each case, half of it for its floor
   * @param only keys or parts of them; empty for all
   * @param spinUs as in the programs' configurations
   */
  public record Options(double seconds, List<String> only, int spinUs) {}

  /**
   * @param progress told what is being done
   */
  public Bench(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Runs everything that was asked for. */
  public Report run() throws Exception {
    List<BenchCase> cases = new ArrayList<>();
    for (BenchCase each : BenchCase.values()) {
      if (wanted(each.key())) {
        cases.add(each);
      }
    }
    if (keys().stream().noneMatch(this::wanted)) {
      throw new IllegalArgumentException(
          "no case has a key with " + options.only() + "; there are " + keys());
    }
    List<Result> results = cases.isEmpty() ? List.of() : path(cases);
    RailBench rails = new RailBench(options.seconds(), options.spinUs(), progress);
    ManyBench many = new ManyBench(options.seconds(), options.spinUs(), progress);
    List<Figure> figures = new ArrayList<>(many.run(this::wanted));
    figures.addAll(rails.run(this::wanted));
    return new Report(results, figures);
  }

  private boolean wanted(String key) {
    return options.only().isEmpty() || options.only().stream().anyMatch(key::contains);
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>();
    Stream.of(BenchCase.values()).map(BenchCase::key).forEach(keys::add);
    keys.addAll(ManyBench.keys());
    keys.addAll(RailBench.keys());
    return keys;
  }

  private List<Result> path(List<BenchCase> cases) throws Exception {
    Path dir = Files.createTempDirectory("farslot-bench");
    try {
      Files.createDirectory(dir.resolve("run"));
      return path(cases, dir);
    } finally {
      delete(dir);
    }
  }

  private List<Result> path(List<BenchCase> cases, Path dir) throws Exception {
    long spinNs = options.spinUs() * 1000L;
    try (Appliance appliance = appliance(dir);
        SoftwareServer server = server(appliance, dir);
        RawTcp floor = new RawTcp(spinNs)) {
      server.boot(WAIT_SECONDS);
      PciDevice device = server.devices().get(0);
      NvmeDriver driver =
          server.nvme(
              device, new NvmeDriver.Options(DEPTH_MAX + 1, true, TRANSFER_BYTES), WAIT_SECONDS);
      long data = server.memory().allocate(DATA_BYTES);
      LinkSession session =
          server.ask(WAIT_SECONDS, end -> end.complete(server.initiator().session().orElseThrow()));
      Meter meter = new Meter(session, appliance.dataThread(), server.initiator().dataThread());
      Rig rig = new Rig(server, device, driver, data, floor, meter);
      progress.accept("filling the drive");
      rig.measure(BenchCase.SEQUENTIAL_WRITE, FILL_NS, new Result(BenchCase.SEQUENTIAL_WRITE));
      List<Result> results = new ArrayList<>();
      for (BenchCase each : cases) {
        progress.accept(each.words());
        results.add(rig.alternate(each, (long) (options.seconds() * 1e9)));
      }
      return results;
    }
  }

  private Appliance appliance(Path dir) throws IOException {
    Map<String, Object> drive =
        Map.of(
            "name", "disk0",
            "card", "nvme",
            "serial", "BENCH",
            "namespaces", List.of(Map.of("ram", DRIVE_BYTES)));
    Map<String, Object> values =
        Map.of(
            "listen", "127.0.0.1:0",
            "state-dir", dir.resolve("state").toString(),
            "spin-us", options.spinUs(),
            "slots", List.of(drive));
    Appliance appliance = new Appliance(ApplianceConfig.of("bench", values));
    if (!appliance.failures().isEmpty()) {
      appliance.close();
      throw new IOException("the appliance: " + appliance.failures());
    }
    appliance.start();
    return appliance;
  }

  private SoftwareServer server(Appliance appliance, Path dir) {
    Map<String, Object> values =
        Map.of(
            "name", "bench",
            "appliance", "127.0.0.1:" + appliance.port(),
            "run-dir", dir.resolve("run").toString(),
            "spin-us", options.spinUs(),
            "functions", List.of("disk0"));
    return new SoftwareServer(InitiatorConfig.of("bench", values), 2 * DATA_BYTES);
  }

  /** The path under test, and its floor. */
  private record Rig(
      SoftwareServer server,
      PciDevice device,
      NvmeDriver driver,
      long data,
      RawTcp floor,
      Meter meter) {
    Result alternate(BenchCase of, long forNs) throws Exception {
      Result result = new Result(of);
      long each = Math.max(1, forNs / (2 * ROUNDS));
      warmUp(of, result);
      for (int round = 0; round < ROUNDS; round++) {
        measure(of, each, result);
        floor(of, each, result);
      }
      return result;
    }

    /**
     * Until an operation takes no less of the processors than before: what runs by then has been
     * compiled. Time alone does not tell: on a busy machine the compiler waits for its turn, too.
     */
    private void warmUp(BenchCase of, Result result) throws Exception {
      double least = Double.MAX_VALUE;
      int idle = 0;
      for (int round = 0; round < WARM_UPS_MAX && idle < 2; round++) {
        result.reset();
        measure(of, WARM_UP_NS / 2, result);
        floor(of, WARM_UP_NS / 2, result);
        double now = result.measuredSample.processorUs();
        idle = now < least * (1 - GAIN_LEAST) ? 0 : idle + 1;
        least = Math.min(least, now);
      }
      result.reset();
    }

    private void floor(BenchCase of, long forNs, Result into) throws Exception {
      Sample sample = floor.run(of.requestBytes(), of.replyBytes(), of.depth(), forNs, into.floor);
      into.floorSample = into.floorSample.plus(sample);
    }

    void measure(BenchCase of, long forNs, Result into)
        throws InterruptedException, TimeoutException {
      Run run = prepare(of, forNs, into.measured);
      meter.mark();
      server.ask(
          WAIT_SECONDS,
          end -> {
            run.start(() -> end.complete(null));
          });
      Sample sample = run.sample();
      into.measuredSample = into.measuredSample.plus(sample.withProcessorNs(meter.processorNs()));
      into.allocatedBytes += meter.allocatedBytes();
      into.tlps += meter.tlps();
      into.frames += meter.frames();
    }

    /** Made here, so that what the data threads allocate is the path's. */
    private Run prepare(BenchCase of, long forNs, Histogram into) {
      return of == BenchCase.MMIO_READ
          ? new MmioRun(device, forNs, into)
          : new NvmeRun(driver, of.load(), data, WORKING_BYTES, forNs, into);
    }
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
