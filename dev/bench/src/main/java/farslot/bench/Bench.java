package farslot.bench;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
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
  private static final long WORKING_BYTES = 64L << 20;
  private static final long DATA_BYTES = 8L << 20;
  private static final int TRANSFER_BYTES = 128 << 10;
  private static final int ROUNDS = 5;
  private static final long WARM_UP_NS = 1_500_000_000L;

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
      if (options.only().isEmpty() || options.only().stream().anyMatch(each.key()::contains)) {
        cases.add(each);
      }
    }
    if (cases.isEmpty()) {
      throw new IllegalArgumentException(
          "no case has a key with " + options.only() + "; there are " + keys());
    }
    Path state = Files.createTempDirectory("farslot-bench");
    try {
      return run(cases, state);
    } finally {
      delete(state);
    }
  }

  private static List<String> keys() {
    return Stream.of(BenchCase.values()).map(BenchCase::key).toList();
  }

  private Report run(List<BenchCase> cases, Path state) throws Exception {
    long spinNs = options.spinUs() * 1000L;
    try (Appliance appliance = appliance(state);
        SoftwareServer server = server(appliance, state);
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
      rig.measure(BenchCase.SEQUENTIAL_WRITE, WARM_UP_NS, new Result(BenchCase.SEQUENTIAL_WRITE));
      List<Result> results = new ArrayList<>();
      for (BenchCase each : cases) {
        progress.accept(each.words());
        results.add(rig.alternate(each, (long) (options.seconds() * 1e9)));
      }
      return new Report(results);
    }
  }

  private Appliance appliance(Path state) throws IOException {
    Map<String, Object> drive =
        Map.of(
            "name", "disk0",
            "card", "nvme",
            "serial", "BENCH",
            "namespaces", List.of(Map.of("ram", DRIVE_BYTES)));
    Map<String, Object> values =
        Map.of(
            "listen", "127.0.0.1:0",
            "state-dir", state.toString(),
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

  private SoftwareServer server(Appliance appliance, Path state) {
    Map<String, Object> values =
        Map.of(
            "name", "bench",
            "appliance", "127.0.0.1:" + appliance.port(),
            "run-dir", state.toString(),
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
      measure(of, Math.max(each, WARM_UP_NS / 3), result);
      floor(of, Math.max(each, WARM_UP_NS / 6), result);
      result.reset();
      for (int round = 0; round < ROUNDS; round++) {
        measure(of, each, result);
        floor(of, each, result);
      }
      return result;
    }

    private void floor(BenchCase of, long forNs, Result into) throws Exception {
      Sample sample = floor.run(of.requestBytes(), of.replyBytes(), of.depth(), forNs, into.floor);
      into.floorSample = into.floorSample.plus(sample);
    }

    void measure(BenchCase of, long forNs, Result into)
        throws InterruptedException, TimeoutException {
      Histogram histogram = into.measured;
      meter.mark();
      Sample sample =
          server.ask(
              WAIT_SECONDS,
              end -> {
                if (of == BenchCase.MMIO_READ) {
                  MmioRun[] run = new MmioRun[1];
                  run[0] =
                      new MmioRun(device, forNs, histogram, () -> end.complete(run[0].sample()));
                  run[0].start();
                } else {
                  NvmeRun[] run = new NvmeRun[1];
                  run[0] =
                      new NvmeRun(
                          driver,
                          of.load(),
                          data,
                          WORKING_BYTES,
                          forNs,
                          histogram,
                          () -> end.complete(run[0].sample()));
                  run[0].start();
                }
              });
      into.measuredSample = into.measuredSample.plus(sample.withProcessorNs(meter.processorNs()));
      into.allocatedBytes += meter.allocatedBytes();
      into.tlps += meter.tlps();
      into.frames += meter.frames();
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
