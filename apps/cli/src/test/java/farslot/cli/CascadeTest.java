package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.Initiator;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.Sockets;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A drive through two appliances: an initiator's socket is the device in another appliance's slot.
 * Once it asks for the server's memory by message, once it is given a mirror to map.
 */
@Timeout(300)
class CascadeTest {
  private static final long SECONDS = 120;
  private static final int CHUNKS = 64;
  private static final long DRIVE_BYTES = 64L << 20;

  @TempDir Path dir;

  @Test
  void aDriveByMessages() throws Exception {
    cascade(Map.of());
  }

  @Test
  void aDriveThatMapsMemory() throws Exception {
    cascade(Map.of("mirror", "8GiB"));
  }

  private void cascade(Map<String, Object> more) throws Exception {
    Path image = dir.resolve("disk.img");
    Path sockets = Files.createDirectory(dir.resolve("run"));
    Map<String, Object> namespace = Map.of("file", image.toString(), "size", DRIVE_BYTES);
    Map<String, Object> drive =
        Map.of("name", "disk0", "card", "nvme", "serial", "FAR", "namespaces", List.of(namespace));
    Map<String, Object> far = new java.util.HashMap<>(more);
    far.put("name", "far0");
    far.put("card", "vfio-user");
    far.put("socket", sockets.resolve("disk0.sock").toString());
    try (Appliance first = appliance("first", drive);
        Initiator middle = middle(first, sockets);
        Appliance second = appliance("second", far)) {
      middle.start();
      assertThat(middle.awaitReady(SECONDS)).isTrue();
      try (SoftwareServer server = booted(second)) {
        use(server);
      }
    }
    compare(image);
  }

  /** The device is looked for twice a second: until it is found, nobody can have it. */
  private SoftwareServer booted(Appliance second) throws Exception {
    long deadlineNs = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (true) {
      long ram = 4L * Transfers.DEPTH * Transfers.CHUNK_BYTES;
      SoftwareServer server =
          new SoftwareServer(initiator("server", second.port(), dir, "far0"), ram);
      try {
        server.boot(SECONDS);
        return server;
      } catch (TimeoutException e) {
        server.close();
        if (System.nanoTime() - deadlineNs > 0) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  private static void use(SoftwareServer server) throws Exception {
    NvmeDriver.Options options = new NvmeDriver.Options(64, true, Transfers.CHUNK_BYTES);
    NvmeDriver driver = server.nvme(server.devices().getFirst(), options, SECONDS);
    assertThat(driver.serial()).isEqualTo("FAR");
    assertThat(driver.blocks() * driver.blockBytes()).isEqualTo(DRIVE_BYTES);
    long memory = server.memory().allocate((long) Transfers.DEPTH * Transfers.CHUNK_BYTES);
    for (boolean write : new boolean[] {true, false, true, false}) {
      server.<Void>ask(
          SECONDS,
          end -> new Transfers(driver, server.memory(), memory, CHUNKS, write, end).start());
    }
  }

  private Initiator middle(Appliance to, Path sockets) {
    return new Initiator(
        initiator("middle", to.port(), sockets, "disk0"), new Sockets(sockets, (name, path) -> {}));
  }

  private static InitiatorConfig initiator(String name, int port, Path runDir, String function) {
    return InitiatorConfig.of(
        name,
        Map.of(
            "name",
            name,
            "appliance",
            "127.0.0.1:" + port,
            "run-dir",
            runDir.toString(),
            "functions",
            List.of(function)));
  }

  private Appliance appliance(String name, Map<String, Object> slot) throws IOException {
    Appliance appliance =
        new Appliance(
            ApplianceConfig.of(
                name,
                Map.of(
                    "name",
                    name,
                    "listen",
                    "127.0.0.1:0",
                    "state-dir",
                    dir.resolve(name).toString(),
                    "slots",
                    List.of(slot))));
    appliance.start();
    return appliance;
  }

  private static void compare(Path image) throws IOException {
    MemorySegment expected = MemorySegment.ofArray(new long[Transfers.CHUNK_BYTES / 8]);
    try (FileChannel file = FileChannel.open(image)) {
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        MemorySegment found = MemorySegment.ofArray(new byte[Transfers.CHUNK_BYTES]);
        file.read(found.asByteBuffer(), (long) chunk * Transfers.CHUNK_BYTES);
        Transfers.fill(chunk, expected, 0);
        assertThat(expected.mismatch(found)).as("chunk " + chunk).isEqualTo(-1);
      }
    }
  }
}
