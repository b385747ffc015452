package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import farslot.replay.ConversationReader;
import farslot.replay.Utterance;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session with a drive is captured, then played to a fresh drive: it does the same again. */
@Timeout(300)
class ReplayTest {
  private static final long SECONDS = 120;

  @TempDir Path dir;
  private Path config;
  private String guides = "on";

  @BeforeEach
  void write() throws Exception {
    config = dir.resolve("appliance.yaml");
    Files.writeString(
        config,
        """
        listen: 127.0.0.1:0
        state-dir: %s
        slots:
          - name: disk0
            card: nvme
            serial: REPLAY1
            namespaces:
              - ram: 32MiB
          - name: other
            card: nvme
            serial: REPLAY2
            namespaces:
              - ram: 16MiB
          - name: scratch0
            card: scratch
        """
            .formatted(dir.resolve("state")));
  }

  /** Captures all of a session, from before the attach until the function was given back. */
  private Path capture(String... options) throws Exception {
    Path file = dir.resolve("session.pcapng");
    List<String> command = new ArrayList<>(List.of("capture", "-w", file.toString(), "--from"));
    command.add(dir.resolve("state").toString());
    command.addAll(List.of(options));
    CompletableFuture<Integer> status;
    try (Appliance appliance = new Appliance(ApplianceConfig.of(config))) {
      appliance.start();
      status =
          CompletableFuture.supplyAsync(
              () -> Main.run(command.toArray(String[]::new)), Thread::startVirtualThread);
      while (!Files.exists(file)) {
        Thread.sleep(5);
      }
      drive(appliance.port());
    }
    assertThat(status.get(SECONDS, TimeUnit.SECONDS)).isZero();
    return file;
  }

  private void drive(int port) throws Exception {
    Map<String, Object> values =
        Map.of(
            "name",
            "server-a",
            "appliance",
            "127.0.0.1:" + port,
            "run-dir",
            dir.resolve("run").toString(),
            "guides",
            guides,
            "functions",
            List.of("disk0"));
    long ram = 4L * Transfers.DEPTH * Transfers.CHUNK_BYTES;
    try (SoftwareServer server = new SoftwareServer(InitiatorConfig.of("test", values), ram)) {
      server.boot(SECONDS);
      NvmeDriver driver =
          server.nvme(
              server.devices().get(0),
              new NvmeDriver.Options(16, true, Transfers.CHUNK_BYTES),
              SECONDS);
      long memory = server.memory().allocate(Transfers.CHUNK_BYTES);
      server.<Void>ask(SECONDS, end -> new OneByOne(driver, server, memory, end).next(0));
    }
  }

  /**
   * Writes and reads chunks, each when the one before has ended: a drive that works at several says
   * in each completion how far it has come by chance.
   */
  private static final class OneByOne implements NvmeDriver.Done {
    private static final int CHUNKS = 24;

    private final NvmeDriver driver;
    private final SoftwareServer server;
    private final long memory;
    private final CompletableFuture<Void> end;

    OneByOne(NvmeDriver driver, SoftwareServer server, long memory, CompletableFuture<Void> end) {
      this.driver = driver;
      this.server = server;
      this.memory = memory;
      this.end = end;
    }

    void next(int step) {
      int blocks = Transfers.CHUNK_BYTES / driver.blockBytes();
      int chunk = step % CHUNKS;
      if (step < CHUNKS) {
        Transfers.fill(chunk, server.memory().segment(), memory);
        driver.write((long) chunk * blocks, blocks, memory, this, step);
      } else {
        driver.read((long) chunk * blocks, blocks, memory, this, step);
      }
    }

    @Override
    public void done(long cookie, int status, int result) {
      if (status != 0) {
        end.completeExceptionally(new IllegalStateException("status " + status));
      } else if (cookie == 2 * CHUNKS - 1) {
        end.complete(null);
      } else {
        next((int) cookie + 1);
      }
    }
  }

  private record Outcome(int status, String text) {}

  private static Outcome run(String... command) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(command);
      return new Outcome(status, out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  private static long pushes(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return ConversationReader.read(in).conversations().getFirst().utterances().stream()
          .filter(said -> said.kind() == Utterance.Kind.STEADY_PUSH)
          .count();
    }
  }

  /** Changes bytes in the first packet that has them. */
  private static void tamper(Path file, byte[] what, byte[] with) throws Exception {
    byte[] all = Files.readAllBytes(file);
    int at = 0;
    while (!Arrays.equals(all, at, at + what.length, what, 0, what.length)) {
      at++;
    }
    System.arraycopy(with, 0, all, at, with.length);
    Files.write(file, all);
  }

  @Test
  void aFreshDriveDoesTheSame() throws Exception {
    String file = capture().toString();
    // What a guide pushed is in there, and the card's reads of it are not.
    assertThat(pushes(Path.of(file))).isGreaterThan(48);
    Outcome replayed = run("replay", file, "--config", config.toString());
    assertThat(replayed.text()).contains("disk0: ", " 0 differences");
    assertThat(replayed.status()).as(replayed.text()).isZero();
    // So it does as it was timed then, and in the running appliance.
    try (Appliance appliance = new Appliance(ApplianceConfig.of(config))) {
      appliance.start();
      String address = "127.0.0.1:" + appliance.port();
      Outcome there = run("replay", file, "--to", address, "--speed", "4", "-o", "json");
      assertThat(there.text()).contains("\"difference_count\" : 0");
      assertThat(there.status()).as(there.text()).isZero();
    }
  }

  @Test
  void netTlpIsReadToo() throws Exception {
    guides = "off"; // What is pushed is no TLP, and so not in there.
    String file = capture("--as", "nettlp", "--function", "disk0").toString();
    Outcome replayed = run("replay", file, "--config", config.toString());
    assertThat(replayed.status()).as(replayed.text()).isZero();
  }

  @Test
  void anotherCardIsToldFromTheSame() throws Exception {
    Path file = capture();
    Outcome other =
        run("replay", file.toString(), "--config", config.toString(), "--slot", "other");
    assertThat(other.status()).isEqualTo(1);
    // Identify tells another serial number, as text and in hexadecimal.
    assertThat(other.text()).contains("other data: MWr", "5245504c415931", "5245504c415932");
    Outcome scratch =
        run(
            "replay",
            file.toString(),
            "--config",
            config.toString(),
            "--slot",
            "scratch0",
            "--patience-ms",
            "100");
    assertThat(scratch.status()).isEqualTo(1);
    assertThat(scratch.text()).contains("another answer: CfgRd0 reg 000", "left off at packet");
  }

  @Test
  void aTamperedCaptureIsFoundOut() throws Exception {
    Path file = capture();
    // The serial number in what Identify wrote.
    tamper(file, "REPLAY1 ".getBytes(), "REPLAY9 ".getBytes());
    Outcome replayed = run("replay", file.toString(), "--config", config.toString());
    assertThat(replayed.status()).isEqualTo(1);
    assertThat(replayed.text()).contains("other data: MWr", " 1 differences");
  }

  @Test
  void wrongUseIsToldApart() throws Exception {
    String yaml = config.toString();
    assertThat(run("replay", "/nowhere.pcapng", "--config", yaml).status()).isEqualTo(3);
    assertThat(run("replay", yaml, "--config", yaml).status()).isEqualTo(1);
    assertThat(run("replay", yaml).status()).isEqualTo(2);
    String file = capture().toString();
    assertThat(run("replay", file, "--config", yaml, "--slot", "none").status()).isEqualTo(2);
    assertThat(run("replay", file, "--config", yaml, "--function", "x").status()).isEqualTo(3);
    assertThat(run("replay", file, "--to", "127.0.0.1:1").status()).isEqualTo(5);
  }
}
