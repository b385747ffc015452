package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.cli.output.ExitCode;
import farslot.cli.output.Table;
import farslot.control.ControlClient;
import farslot.control.ControlException;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An appliance and a server with several TCP connections between them: what is lost, added and
 * removed while a drive is written and read shows in {@code farslot status} and nowhere else.
 */
@Timeout(300)
class SeveralRailsTest {
  private static final long SECONDS = 120;
  private static final int CHUNKS = 128;

  @TempDir Path dir;
  private final List<AutoCloseable> open = new ArrayList<>();
  private long memory;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T opened(T what) {
    open.add(what);
    return what;
  }

  private Appliance appliance() throws IOException {
    Map<String, Object> slot =
        Map.of(
            "name", "disk0",
            "card", "nvme",
            "serial", "rails",
            "namespaces", List.of(Map.of("ram", "32MiB")));
    Map<String, Object> values =
        Map.of(
            "listen", List.of("127.0.0.1:0", "127.0.0.2:0"),
            "state-dir", dir.resolve("state").toString(),
            "slots", List.of(slot));
    Appliance appliance = opened(new Appliance(ApplianceConfig.of("test", values)));
    appliance.start();
    return appliance;
  }

  private SoftwareServer server(Object... appliance) throws Exception {
    Map<String, Object> values = new HashMap<>();
    values.put("name", "a");
    values.put("appliance", List.of(appliance));
    values.put("run-dir", dir.toString());
    values.put("functions", List.of("disk0"));
    long ram = 4L * Transfers.DEPTH * Transfers.CHUNK_BYTES;
    SoftwareServer server = opened(new SoftwareServer(InitiatorConfig.of("test", values), ram));
    server.boot(SECONDS);
    memory = server.memory().allocate((long) Transfers.DEPTH * Transfers.CHUNK_BYTES);
    return server;
  }

  private static String at(int host, int port) {
    return "127.0.0.%d:%d".formatted(host, port);
  }

  private Map<?, ?> ask(Map<String, ?> request) throws IOException {
    try (ControlClient client = new ControlClient(dir.resolve(ControlClient.SOCKET))) {
      return client.ask(request);
    }
  }

  private Map<?, ?> rail(String action, String address) throws IOException {
    return ask(Map.of("command", "rail", "action", action, "address", address));
  }

  /** Numbers of the rails in this state. */
  private TreeSet<Object> in(String state) throws IOException {
    TreeSet<Object> numbers = new TreeSet<>();
    Map<?, ?> answer = ask(Map.of("command", "rail", "action", "list"));
    for (Map<?, ?> rail : Table.maps(answer, "rails")) {
      if (state.equals(rail.get("state"))) {
        numbers.add(rail.get("number"));
      }
    }
    return numbers;
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(String what, Check check) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (!check.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(10);
    }
  }

  /** Writes and reads back, over and over, until something has happened. */
  private void transferUntil(SoftwareServer server, NvmeDriver drive, String what, Check happened)
      throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    do {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      for (boolean write : new boolean[] {true, false}) {
        server.<Void>ask(
            SECONDS,
            done -> new Transfers(drive, server.memory(), memory, CHUNKS, write, done).start());
      }
    } while (!happened.holds());
  }

  private static NvmeDriver drive(SoftwareServer server) throws Exception {
    return server.nvme(
        server.devices().getFirst(),
        new NvmeDriver.Options(2 * Transfers.DEPTH, true, Transfers.CHUNK_BYTES),
        SECONDS);
  }

  private long lost() throws IOException {
    Map<?, ?> session = Table.maps(ask(Map.of("command", "status")), "sessions").getFirst();
    return session.get("counters") instanceof Map<?, ?> counters
            && counters.get("rails_lost") instanceof Number lost
        ? lost.longValue()
        : 0;
  }

  private Object session() throws IOException {
    return Table.maps(ask(Map.of("command", "status")), "sessions").getFirst().get("session");
  }

  @Test
  void aConnectionThatDiesUnderLoadCostsItsBandwidthOnly() throws Exception {
    Appliance appliance = appliance();
    Cable cable = opened(new Cable(appliance.ports().get(0)));
    SoftwareServer server =
        server(at(1, cable.port()), at(2, appliance.ports().get(1)), at(1, appliance.port()));
    NvmeDriver drive = drive(server);
    Object session = session();
    await("all rails", () -> in("up").size() == 3);
    for (int i = 0; i < 3; i++) {
      long before = lost();
      Thread pulling =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      cable.cut();
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      transferUntil(server, drive, "the loss is seen", () -> lost() > before);
      pulling.join();
      cable.mend();
      transferUntil(server, drive, "it is taken back", () -> in("up").size() == 3);
    }
    assertThat(session()).isEqualTo(session);
  }

  @Test
  void railsAreAddedAndRemovedUnderLoad() throws Exception {
    Appliance appliance = appliance();
    String first = at(1, appliance.ports().get(0));
    String second = at(2, appliance.ports().get(1));
    SoftwareServer server = server(first);
    NvmeDriver drive = drive(server);
    Object session = session();
    assertThat(rail("add", second).get("rail")).isEqualTo(1);
    transferUntil(server, drive, "the second", () -> in("up").equals(set(0, 1)));
    assertThat(rail("add", first + "?from=127.0.0.3").get("rail")).isEqualTo(2);
    transferUntil(server, drive, "the third", () -> in("up").equals(set(0, 1, 2)));
    assertThat(rail("remove", first).get("rail")).isEqualTo(0);
    transferUntil(server, drive, "the first has gone", () -> in("up").equals(set(1, 2)));
    assertThat(rail("remove", "1").get("rail")).isEqualTo(1);
    transferUntil(server, drive, "one is left", () -> in("up").equals(set(2)));
    assertThatThrownBy(() -> rail("remove", "2"))
        .isInstanceOf(ControlException.class)
        .hasMessageContaining("add another first");
    assertThatThrownBy(() -> rail("add", first + "?from=127.0.0.3"))
        .hasMessageContaining("already");
    assertThatThrownBy(() -> rail("add", "eth:")).hasMessageContaining("eth:");
    assertThatThrownBy(() -> rail("remove", first)).hasMessageContaining("there is no rail to");
    assertThatThrownBy(() -> rail("turn", first)).hasMessageContaining("list, add or remove");
    assertThat(session()).isEqualTo(session);
  }

  private static TreeSet<Object> set(Object... numbers) {
    return new TreeSet<>(List.of(numbers));
  }

  @Test
  void theBeginningDoesNotWaitForAWayThatLeadsNowhere() throws Exception {
    Appliance appliance = appliance();
    Cable cut = opened(new Cable(appliance.port()));
    cut.cut();
    SoftwareServer server = server(at(1, cut.port()), at(2, appliance.ports().get(1)));
    NvmeDriver drive = drive(server);
    assertThat(drive.serial()).isEqualTo("rails");
    assertThat(in("up")).isEqualTo(set(1));
    cut.mend();
    transferUntil(server, drive, "the first way is used", () -> in("up").equals(set(0, 1)));
  }

  @Test
  void theCommandPrintsATable() throws Exception {
    Appliance appliance = appliance();
    server(at(1, appliance.port()));
    String from = dir.resolve(ControlClient.SOCKET).toString();
    assertThat(Main.run("rail", "list", "--from", from)).isZero();
    assertThat(Main.run("rail", "add", "--from", from, at(2, appliance.ports().get(1)))).isZero();
    await("the second", () -> in("up").equals(set(0, 1)));
    assertThat(Main.run("rail", "list", "--from", from, "-o", "json")).isZero();
    assertThat(Main.run("rail", "remove", "--from", from, "0")).isZero();
    assertThat(Main.run("rail", "remove", "--from", from, "0")).isEqualTo(ExitCode.FAILED);
    assertThat(Main.run("rail", "--from", from)).isEqualTo(ExitCode.USAGE);
    assertThat(Main.run("rail")).isEqualTo(ExitCode.USAGE);
    assertThat(Main.run("rail", "add", "--from", from)).isEqualTo(ExitCode.USAGE);
    assertThat(Main.run("status", "--from", from)).isZero();
  }
}
