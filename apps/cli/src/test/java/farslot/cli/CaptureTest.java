package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.capture.PcapngFormat;
import farslot.capture.PcapngReader;
import farslot.control.ControlClient;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Captures of a running appliance and initiator, and what they say of themselves. */
@Timeout(300)
class CaptureTest {
  private static final long SECONDS = 120;

  @TempDir Path dir;
  private Appliance appliance;
  private SoftwareServer server;

  @BeforeEach
  void start() throws Exception {
    Map<String, Object> slot =
        Map.of("name", "disk0", "card", "nvme", "namespaces", List.of(Map.of("ram", "8MiB")));
    appliance =
        new Appliance(
            ApplianceConfig.of(
                "test",
                Map.of(
                    "listen",
                    "127.0.0.1:0",
                    "state-dir",
                    dir.resolve("state").toString(),
                    "slots",
                    List.of(slot))));
    appliance.start();
    Map<String, Object> values =
        Map.of(
            "name",
            "server-a",
            "appliance",
            "127.0.0.1:" + appliance.port(),
            "run-dir",
            dir.toString(),
            "functions",
            List.of("disk0"));
    server = new SoftwareServer(InitiatorConfig.of("test", values), 1 << 20);
    server.boot(SECONDS);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      appliance.close();
    }
  }

  /** Starts the command and waits until its file has begun. */
  private CompletableFuture<Integer> capture(Path from, Path to, String... options)
      throws InterruptedException, IOException {
    List<String> command =
        new ArrayList<>(List.of("capture", "--from", from.toString(), "-w", to.toString()));
    command.addAll(List.of(options));
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> Main.run(command.toArray(String[]::new)), Thread::startVirtualThread);
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    while (!Files.exists(to) && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    return status;
  }

  private NvmeDriver traffic() throws Exception {
    return server.nvme(server.devices().get(0), new NvmeDriver.Options(8, true, 65536), SECONDS);
  }

  private static List<ByteBuffer> packets(Path file) throws IOException {
    PcapngReader reader = new PcapngReader(new ByteArrayInputStream(Files.readAllBytes(file)));
    List<ByteBuffer> packets = new ArrayList<>();
    for (var block = reader.next(); block.isPresent(); block = reader.next()) {
      if (block.get().type() == PcapngFormat.ENHANCED_PACKET) {
        ByteBuffer body = block.get().body();
        packets.add(body.slice(20, body.getInt(12)));
      }
    }
    return packets;
  }

  @Test
  void framesOfBothEnds() throws Exception {
    Path here = dir.resolve("appliance.pcapng");
    Path there = dir.resolve("initiator.pcapng");
    var ofAppliance = capture(dir.resolve("state/control.sock"), here, "--count", "25");
    var ofInitiator = capture(dir, there, "--count", "25");
    traffic();
    assertThat(ofAppliance.get(SECONDS, TimeUnit.SECONDS)).isZero();
    assertThat(ofInitiator.get(SECONDS, TimeUnit.SECONDS)).isZero();
    for (Path file : List.of(here, there)) {
      assertThat(packets(file)).hasSize(25).allMatch(packet -> packet.getShort(0) == 0x5045);
    }
    // Both ends saw the same DATA frames: their records are.
    assertThat(dataBodies(here)).containsAnyElementsOf(dataBodies(there));
  }

  private static List<ByteBuffer> dataBodies(Path file) throws IOException {
    List<ByteBuffer> bodies = new ArrayList<>();
    for (ByteBuffer packet : packets(file)) {
      if (packet.get(3) == 4) {
        bodies.add(packet.slice(40, packet.remaining() - 40));
      }
    }
    return bodies;
  }

  @Test
  void filteredAndAsNetTlp() throws Exception {
    Path file = dir.resolve("nettlp.pcapng");
    var status =
        capture(
            dir, file, "--as", "nettlp", "--function", "disk0", "--type", "MWr", "--count", "5");
    traffic();
    assertThat(status.get(SECONDS, TimeUnit.SECONDS)).isZero();
    assertThat(packets(file))
        .hasSize(5)
        .allMatch(packet -> packet.getShort(12) == 0x0800)
        .allMatch(packet -> packet.get(48) == 0x40 || packet.get(48) == 0x60);
  }

  @Test
  void endsByTheClockWithAFileThatCanBeRead() throws Exception {
    Path file = dir.resolve("none.pcapng");
    var status = capture(dir, file, "--function", "disk9", "--seconds", "1");
    traffic();
    assertThat(status.get(SECONDS, TimeUnit.SECONDS)).isZero();
    assertThat(packets(file)).isEmpty();
  }

  @Test
  void theProcessesOutliveTheirCapturesAndTheOtherWayRound() throws Exception {
    Path file = dir.resolve("cut.pcapng");
    var status = capture(dir.resolve("state"), file);
    traffic();
    stop();
    server = null;
    assertThat(status.get(SECONDS, TimeUnit.SECONDS)).isZero();
    assertThat(packets(file)).isNotEmpty();
    assertThat(dir.resolve("state/control.sock")).doesNotExist();
  }

  @Test
  void wrongUseIsToldApart() throws IOException {
    String socket = dir.resolve("control.sock").toString();
    String file = dir.resolve("x").toString();
    assertThat(Files.getPosixFilePermissions(dir.resolve("control.sock")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Main.run("capture", "--from", "/nowhere/control.sock", "-w", file)).isEqualTo(3);
    assertThat(Main.run("capture", "--from", socket, "-w", file, "--address", "x")).isEqualTo(2);
    assertThat(Main.run("capture", "--from", socket, "-w", file, "--type", "Read")).isEqualTo(1);
    assertThat(Main.run("capture", "--from", socket, "-w", file, "--as", "gif")).isEqualTo(1);
    assertThat(dir.resolve("x")).doesNotExist();
  }

  @Test
  void statusKnowsBothEnds() throws IOException {
    Map<?, ?> here;
    Map<?, ?> there;
    try (ControlClient a = new ControlClient(dir.resolve("state/control.sock"));
        ControlClient b = new ControlClient(dir.resolve("control.sock"))) {
      here = a.ask(Map.of("command", "status"));
      there = b.ask(Map.of("command", "status"));
    }
    assertThat(here.get("kind")).isEqualTo("appliance");
    assertThat(ControlClient.pretty(here)).contains("\"holder\" : \"server-a\"", "\"lent\"");
    assertThat(there.get("kind")).isEqualTo("initiator");
    assertThat(ControlClient.pretty(there)).contains("\"present\"", "\"epoch\" : 1", "tcp 127");
    assertThat(Main.run("status", "--from", dir.toString())).isZero();
    assertThat(Main.run("status", "--from", dir.toString(), "-o", "json")).isZero();
  }
}
