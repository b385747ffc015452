package farslot.cli;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main job without a hypervisor: an appliance and an initiator over TCP, a software root
 * complex with an NVMe driver, and a cable that is pulled in the middle of it.
 */
final class Selftest {
  private static final long WAIT_SECONDS = 30;
  private static final int CHUNKS = 256;
  private static final long DRIVE_BYTES = 64L << 20;
  private static final int QUEUE_ENTRIES = 64;
  private static final long CUT_MS = 1000;

  private final PrintStream out;
  private final Path dir;

  /**
   * @param dir empty, for the disk image and the appliance's state
   */
  Selftest(PrintStream out, Path dir) {
    this.out = out;
    this.dir = dir;
  }

  /** Runs the story; throws at the first thing that is not as it must be. */
  void run() throws Exception {
    Path image = dir.resolve("disk.img");
    try (Appliance appliance = appliance(image);
        Cable cable = new Cable(appliance.port());
        SoftwareServer server = server(cable)) {
      server.boot(WAIT_SECONDS);
      say("attached", "disk0 over TCP, epoch on the appliance's disk");
      for (PciDevice device : server.devices()) {
        say(
            "enumerated",
            device
                + ", BAR0 %d KiB, %d MSI-X vectors"
                    .formatted(device.barSize(0) >> 10, device.msixVectors()));
      }
      check(server.devices().size() == 1, "one function on the bus");
      NvmeDriver driver =
          server.nvme(
              server.devices().get(0),
              new NvmeDriver.Options(QUEUE_ENTRIES, true, Transfers.CHUNK_BYTES),
              WAIT_SECONDS);
      say(
          "identified",
          "%s, serial %s, %d blocks of %d bytes"
              .formatted(driver.model(), driver.serial(), driver.blocks(), driver.blockBytes()));
      check(driver.serial().equals("SELFTEST"), "the serial number that was configured");
      check(driver.blocks() * driver.blockBytes() == DRIVE_BYTES, "the size that was configured");
      data(server, driver, cable);
    }
    compare(image);
  }

  private void data(SoftwareServer server, NvmeDriver driver, Cable cable) throws Exception {
    long memory = server.memory().allocate((long) Transfers.DEPTH * Transfers.CHUNK_BYTES);
    transfer(server, driver, memory, true);
    say("written", "%d MiB, %d transfers at a time".formatted(mebibytes(), Transfers.DEPTH));
    transfer(server, driver, memory, false);
    say("verified", "read back, every byte as it was written");
    Thread pulling = Thread.ofVirtual().start(() -> pull(cable));
    int rounds = 0;
    long start = System.nanoTime();
    while (pulling.isAlive() || System.nanoTime() - start < 2 * CUT_MS * 1_000_000) {
      transfer(server, driver, memory, true);
      transfer(server, driver, memory, false);
      rounds++;
    }
    say(
        "cut",
        "connection broken for %d ms in the middle of it: %d more MiB written and verified, no error"
            .formatted(CUT_MS, rounds * mebibytes()));
    int flushed =
        server.<Integer>ask(
            WAIT_SECONDS, end -> driver.flush((cookie, status, result) -> end.complete(status), 0));
    check(flushed == 0, "a flush that succeeds");
  }

  private static int mebibytes() {
    return CHUNKS * Transfers.CHUNK_BYTES >> 20;
  }

  private static void pull(Cable cable) {
    try {
      Thread.sleep(CUT_MS / 10);
      cable.cut();
      Thread.sleep(CUT_MS);
      cable.mend();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void transfer(SoftwareServer server, NvmeDriver driver, long memory, boolean write)
      throws Exception {
    server.<Void>ask(
        WAIT_SECONDS,
        end -> new Transfers(driver, server.memory(), memory, CHUNKS, write, end).start());
  }

  /** The same bytes are in the image. */
  private void compare(Path image) throws IOException {
    MemorySegment expected = MemorySegment.ofArray(new long[Transfers.CHUNK_BYTES / 8]);
    try (FileChannel file = FileChannel.open(image)) {
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        MemorySegment found = MemorySegment.ofArray(new byte[Transfers.CHUNK_BYTES]);
        file.read(found.asByteBuffer(), (long) chunk * Transfers.CHUNK_BYTES);
        Transfers.fill(chunk, expected, 0);
        check(expected.mismatch(found) == -1, "chunk " + chunk + " in the disk image");
      }
    }
    say("found", "the same bytes in the appliance's disk image");
  }

  private Appliance appliance(Path image) throws IOException {
    Map<String, Object> namespace = Map.of("file", image.toString(), "size", DRIVE_BYTES);
    Map<String, Object> slot =
        Map.of(
            "name", "disk0",
            "card", "nvme",
            "serial", "SELFTEST",
            "namespaces", List.of(namespace));
    Map<String, Object> values =
        Map.of(
            "listen", "127.0.0.1:0",
            "state-dir", dir.resolve("state").toString(),
            "slots", List.of(slot));
    Appliance appliance = new Appliance(ApplianceConfig.of("selftest", values));
    try {
      check(appliance.failures().isEmpty(), "a working slot, not " + appliance.failures());
    } catch (IllegalStateException e) {
      appliance.close();
      throw e;
    }
    appliance.start();
    say(
        "appliance",
        "listens on port %d, a drive of 64 MiB in slot disk0".formatted(appliance.port()));
    return appliance;
  }

  private SoftwareServer server(Cable cable) {
    Map<String, Object> values =
        Map.of(
            "name",
            "selftest",
            "appliance",
            "127.0.0.1:" + cable.port(),
            "run-dir",
            dir.toString(),
            "functions",
            List.of("disk0"));
    long ram = 4L * Transfers.DEPTH * Transfers.CHUNK_BYTES;
    return new SoftwareServer(InitiatorConfig.of("selftest", values), ram);
  }

  private void say(String what, String words) {
    out.printf(Locale.ROOT, "  %-12s %s%n", what, words);
  }

  private static void check(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalStateException("expected " + expected);
    }
  }

  /** Runs in a directory of its own that is removed afterwards. */
  static void inTemporaryDirectory(PrintStream out) throws Exception {
    Path dir = Files.createTempDirectory("farslot-selftest");
    try {
      new Selftest(out, dir).run();
    } finally {
      Directories.delete(dir);
    }
  }
}
