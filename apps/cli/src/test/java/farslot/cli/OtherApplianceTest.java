package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.control.ControlClient;
import farslot.initiator.Initiator;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.Sockets;
import farslot.initiator.SoftwareServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An initiator that looks for one appliance takes nothing from another, whatever its address. */
@Timeout(120)
class OtherApplianceTest {
  private static final long SECONDS = 30;

  @TempDir Path dir;

  private Appliance appliance() throws java.io.IOException {
    Map<String, Object> slot =
        Map.of("name", "disk0", "card", "nvme", "namespaces", List.of(Map.of("ram", "1MiB")));
    Map<String, Object> values = new HashMap<>();
    values.put("name", "rack1");
    values.put("listen", "127.0.0.1:0");
    values.put("state-dir", dir.resolve("state").toString());
    values.put("slots", List.of(slot));
    Appliance appliance = new Appliance(ApplianceConfig.of("test", values));
    appliance.start();
    return appliance;
  }

  private InitiatorConfig looksFor(String name, int port) {
    Map<String, Object> values =
        Map.of(
            "name",
            "a",
            "appliance",
            "127.0.0.1:" + port,
            "appliance-name",
            name,
            "run-dir",
            dir.resolve(name).toString(),
            "functions",
            List.of("disk0"));
    return InitiatorConfig.of("test", values);
  }

  @Test
  void onlyWhoIsLookedForIsTaken() throws Exception {
    for (String name : List.of("rack1", "rack2")) {
      Files.createDirectories(dir.resolve(name));
    }
    try (Appliance appliance = appliance()) {
      try (SoftwareServer server =
          new SoftwareServer(looksFor("rack1", appliance.port()), 1 << 20)) {
        server.boot(SECONDS);
        assertThat(server.devices()).hasSize(1);
      }
      InitiatorConfig other = looksFor("rack2", appliance.port());
      try (Initiator initiator = new Initiator(other, new Sockets(other.runDir(), (_, _) -> {}))) {
        initiator.start();
        String told = "";
        while (!told.contains("leads to 'rack1', looked for was 'rack2'")) {
          Thread.sleep(20);
          try (ControlClient client =
              new ControlClient(other.runDir().resolve(ControlClient.SOCKET))) {
            told = String.valueOf(client.ask(Map.of("command", "status")));
          }
          assertThat(initiator.session()).isEmpty();
        }
      }
    }
  }
}
