package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cli.output.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path dir;
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(realOut);
    System.setErr(realErr);
  }

  private String file(String text) throws IOException {
    return Files.writeString(dir.resolve("c.yaml"), text).toString();
  }

  @Test
  void helpsEverywhere() {
    assertThat(Main.run("--help")).isZero();
    assertThat(out.toString())
        .contains("appliance", "initiator", "bench", "selftest", "Exit status");
    for (String command :
        new String[] {"appliance", "initiator", "bench", "selftest", "cards", "version"}) {
      out.reset();
      assertThat(Main.run(command, "--help")).as(command).isZero();
      assertThat(out.toString()).as(command).startsWith("Usage: farslot " + command);
    }
  }

  @Test
  void tellsVersionAndCards() {
    assertThat(Main.run("version")).isZero();
    assertThat(Main.run("cards")).isZero();
    assertThat(out.toString()).contains("PCIeoE 1.", "nvme", "scratch");
  }

  @Test
  void discoverySaysWhatIsWrongWithAnInterface() {
    assertThat(Main.run("discover", "--help")).isZero();
    assertThat(Main.run("discover", "--interface", "lo")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("farslot: lo is no Ethernet interface\n");
    err.reset();
    assertThat(Main.run("discover", "--interface", "eth0", "--vlan", "9999")).isEqualTo(2);
    assertThat(err.toString()).contains("a number from 1 to 4094");
    err.reset();
    assertThat(Main.run("discover", "--interface", "eth0", "--seconds", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--seconds should be above 0");
  }

  @Test
  void refusesWrongUseWithStatus2() {
    String[][] wrong = {
      {"nonsense"},
      {"appliance"},
      {"initiator"},
      {"appliance", "--confg", "x"},
      {"appliance", "--config", "x", "--listen", "y"},
      {"appliance", "--state-dir", "x", "--nvme", "disk0"},
      {"initiator", "--name", "a"},
      {"bench", "--seconds", "0"},
      {"bench", "--only", "nonsense"},
    };
    for (String[] each : wrong) {
      err.reset();
      assertThat(Main.run(each)).as(String.join(" ", each)).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString()).as(String.join(" ", each)).startsWith("farslot: ");
    }
  }

  @Test
  void namesFileAndKeyOfABadConfiguration() throws IOException {
    String file = file("name: a\nappliance: h:1\nrun-dir: /tmp\nfunctions: [d]\nhold: 3s\n");
    assertThat(Main.run("initiator", "--config", file)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(file).contains("'hold'").hasLineCount(1);
    err.reset();
    assertThat(Main.run("appliance", "--config", dir.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("no such file").hasLineCount(1);
  }

  @Test
  void namesTheKeyOfABadCard() throws IOException {
    String head = "state-dir: %s\nslots: [{name: a, card: ".formatted(dir.resolve("state"));
    for (String card : new String[] {"vnme}]", "nvme, serail: x, namespaces: [{ram: 1MiB}]}]"}) {
      err.reset();
      String file = file(head + card);
      assertThat(Main.run("appliance", "--config", file)).as(card).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString()).startsWith("farslot: " + file + ": slots[0]: ").hasLineCount(1);
    }
    assertThat(err.toString()).contains("'serail'");
  }

  @Test
  void saysWhatIsInUse() throws IOException {
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      String file =
          file(
              "listen: 127.0.0.1:%d\nstate-dir: %s\nslots: [{name: a, card: scratch}]\n"
                  .formatted(taken.getLocalPort(), dir.resolve("state")));
      assertThat(Main.run("appliance", "--config", file)).isEqualTo(ExitCode.CONFLICT);
      assertThat(err.toString()).contains("EADDRINUSE");
    }
  }

  @Test
  void runsTheSelftest() {
    int status = Main.run("selftest");
    assertThat(out.toString()).endsWith("selftest: ok\n");
    assertThat(status).isZero();
  }

  @Test
  void measuresAndPrintsJson() {
    int status =
        Main.run(
            "bench",
            "--json",
            "--seconds",
            "0.1",
            "--only",
            "nvme_read_qd1_over_raw_tcp",
            "--only",
            "mmio_read_over_raw_tcp",
            "--only",
            "round_trips_per_write");
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("{")
        .contains("\"mmio_read_over_raw_tcp\": ")
        .contains("\"nvme_read_qd1_over_raw_tcp\": ")
        .contains("\"round_trips_per_write\": ")
        .contains("\"alloc_bytes_per_tlp\": ");
  }
}
