package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.cli.output.Table;
import farslot.config.ConfigException;
import farslot.control.ControlClient;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rates of functions that are lent over real TCP: configured at both ends, kept, and told. */
@Timeout(300)
class QosTest {
  private static final long SECONDS = 120;
  private static final long BURST = 256 << 10;
  private static final int CHUNKS = 300;
  private static final long BYTES = (long) CHUNKS * Transfers.CHUNK_BYTES;

  /** TLP headers and records around the data, completion entries, messages: at most so much. */
  private static final double OVERHEAD_MAX = 1.1;

  @TempDir Path dir;

  private Appliance appliance(Map<String, Object> qos) throws IOException {
    Map<String, Object> slot =
        Map.of(
            "name",
            "disk0",
            "card",
            "nvme",
            "serial",
            "disk0",
            "qos",
            qos,
            "namespaces",
            List.of(Map.of("ram", "32MiB")));
    Map<String, Object> values =
        Map.of(
            "listen",
            "127.0.0.1:0",
            "state-dir",
            dir.resolve("state").toString(),
            "slots",
            List.of(slot));
    Appliance appliance = new Appliance(ApplianceConfig.of("test", values));
    appliance.start();
    return appliance;
  }

  private SoftwareServer server(int port, Map<String, Object> qos) {
    Map<String, Object> values =
        Map.of(
            "name",
            "a",
            "appliance",
            "127.0.0.1:" + port,
            "run-dir",
            dir.toString(),
            "functions",
            List.of(Map.of("name", "disk0", "guides", false, "qos", qos)));
    return new SoftwareServer(InitiatorConfig.of("test", values), 8 << 20);
  }

  /** How long so many chunks take, seconds. */
  private static double seconds(SoftwareServer server, NvmeDriver drive, boolean write)
      throws Exception {
    long memory = server.memory().allocate(Transfers.DEPTH * Transfers.CHUNK_BYTES);
    long began = System.nanoTime();
    server.<Void>ask(
        SECONDS, end -> new Transfers(drive, server.memory(), memory, CHUNKS, write, end).start());
    return (System.nanoTime() - began) / 1e9;
  }

  private Map<?, ?> status() throws IOException {
    try (ControlClient client =
        new ControlClient(dir.resolve("state").resolve(ControlClient.SOCKET))) {
      Map<?, ?> session = Table.maps(client.ask(Map.of("command", "status")), "sessions").get(0);
      return (Map<?, ?>) Table.maps(session, "streams").get(0).get("qos");
    }
  }

  @Test
  void eachEndKeepsWhatItSendsBelowThePeakRate() throws Exception {
    Map<String, Object> cards = Map.of("peak", "40MB/s", "burst", BURST, "class", 5);
    Map<String, Object> servers = Map.of("peak", "20MB/s", "burst", BURST);
    try (Appliance appliance = appliance(cards);
        SoftwareServer server = server(appliance.port(), servers)) {
      server.boot(SECONDS);
      NvmeDriver.Options options =
          new NvmeDriver.Options(Transfers.DEPTH + 1, true, Transfers.CHUNK_BYTES);
      NvmeDriver drive = server.nvme(server.devices().get(0), options, SECONDS);
      double writing = seconds(server, drive, true);
      double reading = seconds(server, drive, false);
      System.out.printf(
          "achieved over configured: to the card %.3f, from it %.3f%n",
          BYTES / writing / 20e6, BYTES / reading / 40e6);
      // More cannot pass in that time, however late anybody is.
      assertThat((double) BYTES).isLessThan(20e6 * writing + BURST);
      assertThat((double) BYTES).isLessThan(40e6 * reading + BURST);
      Map<?, ?> qos = status();
      assertThat(qos.get("peak_bytes_per_second")).isEqualTo(40_000_000);
      assertThat(qos.get("class")).isEqualTo(5);
      assertThat(((Number) qos.get("delayed_bytes")).longValue()).isPositive();
      assertThat(((Number) qos.get("delayed_ms")).longValue()).isPositive();
      assertThat(((Number) qos.get("sent_bytes_per_second")).doubleValue())
          .isBetween(1.0, 40e6 * OVERHEAD_MAX);
    }
  }

  @Test
  void whatCannotBeIsRefusedWithWords() {
    assertThatThrownBy(() -> appliance(Map.of("peak", "1MB/s", "committed", "2MB/s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("slots[0].qos: peak: 1000000 bytes a second is less than");
    assertThatThrownBy(() -> server(1, Map.of("class", "gold")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("functions[0].qos: 'class: gold' should be a whole number");
  }
}
