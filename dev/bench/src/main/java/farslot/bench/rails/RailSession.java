package farslot.bench.rails;

import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import farslot.link.LinkSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A server in software with one or more drives that are elsewhere, and a load on each. */
final class RailSession implements AutoCloseable {
  static final String FUNCTION = "disk0";
  private static final long WAIT_SECONDS = 30;

  /** As much as fits into a processor's cache: it is the rails that are measured. */
  private static final long WORKING_BYTES = 4L << 20;

  private static final long OTHER_MEMORY_BYTES = 4L << 20;

  private final SoftwareServer server;
  private final List<Stream> streams = new ArrayList<>();

  /** Connects, sets the drives up, and begins the load. */
  RailSession(
      List<String> appliance, Path runDir, int spinUs, List<String> functions, Stream.Load load)
      throws InterruptedException, TimeoutException {
    this(appliance, runDir, spinUs, functions, load, Map.of());
  }

  /**
   * As {@link #RailSession(List, Path, int, List, Stream.Load)}.
   *
   * @param more of the initiator's configuration
   */
  RailSession(
      List<String> appliance,
      Path runDir,
      int spinUs,
      List<String> functions,
      Stream.Load load,
      Map<String, Object> more)
      throws InterruptedException, TimeoutException {
    Map<String, Object> values = new HashMap<>(more);
    values.putAll(
        Map.of(
            "name",
            "bench",
            "appliance",
            appliance.size() == 1 ? appliance.get(0) : appliance,
            "run-dir",
            runDir.toString(),
            "spin-us",
            spinUs,
            "functions",
            functions));
    server =
        new SoftwareServer(
            InitiatorConfig.of("bench", values),
            functions.size() * (load.memoryBytes() + OTHER_MEMORY_BYTES));
    try {
      server.boot(WAIT_SECONDS);
      NvmeDriver.Options options = new NvmeDriver.Options(load.depth() + 1, true, load.bytes());
      for (PciDevice device : server.devices()) {
        NvmeDriver driver = server.nvme(device, options, WAIT_SECONDS);
        long memoryAt = server.memory().allocate(load.memoryBytes());
        streams.add(new Stream(driver, load, memoryAt, WORKING_BYTES));
      }
      proceed();
    } catch (InterruptedException | TimeoutException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  Stream.Progress progress() throws InterruptedException, TimeoutException {
    return progress(0);
  }

  /** Of one of several functions, in their order. */
  Stream.Progress progress(int function) throws InterruptedException, TimeoutException {
    return server.ask(WAIT_SECONDS, end -> end.complete(streams.get(function).progress()));
  }

  /** See {@link Stream#awaitProgress}. */
  void awaitProgress() throws InterruptedException, TimeoutException {
    server.ask(
        WAIT_SECONDS,
        end -> {
          streams.get(0).awaitProgress();
          end.complete(null);
        });
  }

  /** Bytes a second from now on for a time. */
  double rate(long forNs) throws InterruptedException, TimeoutException {
    Stream.Progress before = progress();
    Thread.sleep(forNs / 1_000_000);
    return progress().since(before);
  }

  /** What this end's session has counted. */
  Map<String, Long> counters() throws InterruptedException, TimeoutException {
    return server.ask(
        WAIT_SECONDS,
        end ->
            end.complete(
                server.initiator().session().map(LinkSession::counters).orElseThrow().snapshot()));
  }

  /** Reads a register that only the card can tell, one read at a time; how many there were. */
  double registerReads(long forNs) throws InterruptedException, TimeoutException {
    PciDevice device = server.devices().get(0);
    return server.<Double>ask(
        WAIT_SECONDS,
        end -> new RegisterReads(device, System.nanoTime() + forNs, end::complete).next());
  }

  /** Stops the load; nothing is under way after that. */
  void pause() throws InterruptedException, TimeoutException {
    for (Stream stream : streams) {
      server.<Void>ask(WAIT_SECONDS, end -> stream.pause(() -> end.complete(null)));
    }
  }

  /** Goes on with the load. */
  void proceed() throws InterruptedException, TimeoutException {
    server.ask(
        WAIT_SECONDS,
        end -> {
          streams.forEach(Stream::start);
          end.complete(null);
        });
  }

  /** Ends the session, and the load with it. */
  @Override
  public void close() {
    server.close();
  }
}
