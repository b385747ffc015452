package farslot.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.Json;
import farslot.api.agent.AgentKind;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.ManagerPort;
import farslot.api.client.ApiClient;
import farslot.api.client.ControlTransport;
import farslot.appliance.StateInUseException;
import farslot.config.ConfigException;
import farslot.control.ControlClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class UpTest {
  private static final long SECONDS = 120;

  @TempDir Path dir;

  private UpConfig config() {
    return config(false);
  }

  private UpConfig config(boolean serves) {
    Map<String, Object> disk =
        Map.of(
            "name",
            "disk0",
            "card",
            "nvme",
            "serial",
            "S0",
            "namespaces",
            List.of(Map.of("ram", "1MiB")));
    Map<String, Object> values = new HashMap<>();
    values.put("name", "rack1");
    values.put("listen", "127.0.0.1:0");
    values.put("slots", List.of(disk));
    if (serves) {
      values.put("server", Map.of());
      values.put("pki", dir.resolve("pki").resolve("appliance").toString()); // Rails by TLS.
    }
    return UpConfig.of("test", values, dir);
  }

  private Up up() throws Exception {
    Up up = new Up(config());
    up.start();
    return up;
  }

  private ApiClient client() {
    return new ApiClient(new ControlTransport(dir.resolve(ControlClient.SOCKET)));
  }

  private interface Holds {
    boolean now() throws Exception;
  }

  private static void await(String what, Holds holds) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (!holds.now()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static JsonNode disk(ApiClient client) throws Exception {
    return client.get("/api/v1/functions/rack1/disk0");
  }

  private static void awaitDisk(ApiClient client) throws Exception {
    await(
        "the manager knows the drive",
        () -> !client.get("/api/v1/functions").path("items").isEmpty());
  }

  /** What a server says that has nothing yet, and is told. */
  private static List<HoldingOrder> askAs(ManagerPort port, String server) throws Exception {
    port.report(new InitiatorReport(server, "1", "test", "", List.of(), List.of(), List.of()));
    InitiatorOrders orders =
        (InitiatorOrders) port.await(AgentKind.INITIATOR, server, 0, Duration.ofMillis(10));
    return orders.holdings();
  }

  @Test
  void whatTheApplianceHousesTheManagerKnows() throws Exception {
    try (Up up = up();
        ApiClient client = client()) {
      awaitDisk(client);
      JsonNode disk = disk(client);
      assertThat(disk.path("card").asString()).isEqualTo("nvme");
      assertThat(disk.path("capacity-bytes").asLong()).isEqualTo(1 << 20);
      assertThat(disk.path("present").asBoolean()).isTrue();
      assertThat(up.appliance().failures()).isEmpty();
    }
  }

  @Test
  void whatWasAssignedIsAssignedAfterARestart() throws Exception {
    long epoch;
    try (Up up = up();
        ApiClient client = client();
        ManagerPort port = up.host().port()) {
      awaitDisk(client);
      askAs(port, "server-a");
      client.post(
          "/api/v1/functions/rack1/disk0/attach",
          Map.of(),
          Json.object().put("server", "server-a"));
      await("it may be had", () -> !askAs(port, "server-a").isEmpty());
      HoldingOrder order = askAs(port, "server-a").getFirst();
      assertThat(order.function()).isEqualTo("rack1/disk0");
      assertThat(order.action()).isEqualTo(HoldingOrder.Action.ATTACH);
      assertThat(order.addresses()).containsExactly("127.0.0.1:" + up.appliance().port());
      epoch = order.epoch();
      assertThat(Files.readString(dir.resolve("grants.json"))).contains("server-a");
    }
    try (Up up = up();
        ManagerPort port = up.host().port()) {
      await("it may be had again", () -> !askAs(port, "server-a").isEmpty());
      assertThat(askAs(port, "server-a").getFirst().epoch()).isEqualTo(epoch);
    }
  }

  /**
   * The whole way: manager, appliance and this machine's own initiator; and again after a restart.
   */
  @Test
  void whatIsAttachedHereHasItsSocketAgainAfterARestart() throws Exception {
    Path socket = dir.resolve("run/rack1/disk0.sock");
    try (Up up = new Up(config(true));
        ApiClient client = client()) {
      up.start();
      awaitDisk(client);
      await(
          "the manager knows the server",
          () -> !client.get("/api/v1/servers").path("items").isEmpty());
      client.post(
          "/api/v1/functions/rack1/disk0/attach",
          Map.of("wait", "30s"),
          Json.object().put("server", "rack1"));
      assertThat(socket).exists();
      assertThat(disk(client).path("state").asString()).isEqualTo("attached");
    }
    try (Up up = new Up(config(true));
        ApiClient client = client()) {
      up.start();
      await("the socket is back", () -> Files.exists(socket));
      awaitDisk(client);
      client.post("/api/v1/functions/rack1/disk0/detach", Map.of("wait", "30s"), Json.object());
      assertThat(socket).doesNotExist();
      assertThat(disk(client).path("state").asString()).isEqualTo("free");
    }
  }

  @Test
  void aSecondOneInTheSameDirectoryIsRefusedAndHarmsNothing() throws Exception {
    try (Up up = up();
        ApiClient client = client()) {
      assertThatThrownBy(() -> new Up(config())).isInstanceOf(StateInUseException.class);
      awaitDisk(client);
      assertThat(up.appliance().failures()).isEmpty();
    }
  }

  @Test
  void aManagersStoreThatIsDamagedIsSaid() throws Exception {
    up().close();
    try (var files = Files.walk(dir.resolve("store"))) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        Files.write(each, new byte[] {1, 2, 3});
      }
    }
    assertThatThrownBy(() -> new Up(config())).hasMessageContaining("the manager's store");
    assertThatThrownBy(() -> new Up(config()))
        .as("nothing is left behind that keeps others out")
        .isNotInstanceOf(StateInUseException.class);
  }

  @Test
  void theFirstStartMakesAConfigurationThatWorksAndIsKept() throws Exception {
    assertThat(FirstStart.make(dir)).isTrue();
    Path file = FirstStart.file(dir);
    String text = Files.readString(file);
    assertThat(FirstStart.make(dir)).isFalse();
    assertThat(file).hasContent(text);
    Files.writeString(file, text.replace("127.0.0.1:7580", "127.0.0.1:0"));
    UpConfig config = UpConfig.of(file, dir);
    assertThat(config.name()).isEqualTo(Defaults.name());
    try (Up up = new Up(config)) {
      up.start();
      assertThat(up.appliance().functions()).containsExactly("disk0");
      assertThat(up.appliance().failures()).isEmpty();
    }
    assertThat(Files.size(dir.resolve("disk0.img"))).isEqualTo(1L << 30);
  }

  @Test
  void anApplianceOfAnotherManagerIsNotForThis() {
    assertThatThrownBy(
            () ->
                UpConfig.of("up.yaml", Map.of("manager", "10.0.0.1:7590", "slots", List.of()), dir))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("up.yaml: 'manager: 10.0.0.1:7590'")
        .hasMessageContaining("farslot appliance");
  }

  @Test
  void whatASectionCannotHaveIsSaid() {
    assertThatThrownBy(() -> with("server", "yes")).hasMessageContaining("up.yaml: server:");
    assertThatThrownBy(() -> with("server", Map.of("manager", "x")))
        .hasMessageContaining("'manager' is given by what is around it");
    assertThatThrownBy(() -> with("server", Map.of("gusts", List.of())))
        .hasMessageContaining("gusts");
    assertThatThrownBy(() -> with("manager", Map.of("listen", "a/b")))
        .hasMessageContaining("up.yaml: manager")
        .hasMessageContaining("HOST:PORT");
    assertThatThrownBy(() -> with("manager", Map.of("lisen", "::1"))).hasMessageContaining("lisen");
  }

  private static UpConfig with(String key, Object value) {
    Map<String, Object> disk =
        Map.of("name", "disk0", "card", "nvme", "namespaces", List.of(Map.of("ram", "1MiB")));
    return UpConfig.of("up.yaml", Map.of("slots", List.of(disk), key, value), Path.of("/nowhere"));
  }

  @Test
  void hostsNamesBecomeNames() {
    assertThat(Defaults.nameOf("rack1.example.org\n")).isEqualTo("rack1");
    assertThat(Defaults.nameOf("-my box-")).isEqualTo("my-box-");
    assertThat(Defaults.nameOf("")).isEqualTo("farslot");
    assertThat(Defaults.nameOf("x".repeat(80))).hasSize(64);
  }

  /** Certificates and numbers are for everybody; and nothing else that is written. */
  private static final Set<String> PUBLIC =
      Set.of("cert.pem", "ca.pem", "denied", "told", "signer", "lock", "epochs");

  @Test
  void whatIsWrittenIsForNobodyElse() throws Exception {
    Path state = dir.resolve("state");
    Map<String, Object> values = new HashMap<>();
    values.put("name", "rack1");
    values.put("listen", "127.0.0.1:0");
    values.put("server", Map.of());
    values.put("pki", state.resolve("pki").resolve("appliance").toString());
    Map<String, Object> disk = Map.of("name", "disk0", "card", "nvme", "namespaces", RAM);
    values.put("slots", List.of(disk));
    List<String> wrong = new ArrayList<>();
    int keys = 0;
    try (Up up = new Up(UpConfig.of("test", values, state))) {
      up.start();
      try (ApiClient client =
          new ApiClient(new ControlTransport(state.resolve(ControlClient.SOCKET)))) {
        while (client.get("/api/v1/servers").path("items").isEmpty()) {
          Thread.sleep(20);
        }
      }
      try (Stream<Path> all = Files.walk(state)) {
        for (Path each : all.toList()) {
          String name = each.getFileName().toString();
          String may = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
          keys += name.equals("key.pem") ? 1 : 0;
          if (each.startsWith(state.resolve("run"))) {
            continue; // A hypervisor comes here, which may be another user's.
          }
          boolean shown = PUBLIC.contains(name) && Files.isRegularFile(each);
          if (!may.endsWith(shown ? "r--r--" : "------")) {
            wrong.add(may + " " + state.relativize(each));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(keys).isGreaterThanOrEqualTo(3); // The authority's, the manager's, the appliance's.
  }

  private static final List<Map<String, String>> RAM = List.of(Map.of("ram", "1MiB"));
}
