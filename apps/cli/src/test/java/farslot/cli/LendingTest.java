package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.cli.output.Table;
import farslot.control.ControlClient;
import farslot.fabric.LocalFunction;
import farslot.fabric.RootPort;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Appliances and servers over real TCP: who gets what, and what happens when somebody goes. */
@Timeout(300)
class LendingTest {
  private static final long SECONDS = 120;

  @TempDir Path dir;

  private Appliance appliance(int port, Map<String, Object> slot, Map<String, Object> other)
      throws IOException {
    Map<String, Object> values =
        Map.of(
            "listen",
            "127.0.0.1:" + port,
            "state-dir",
            dir.resolve("state").toString(),
            "hold-time",
            "1s",
            "slots",
            List.of(slot, other));
    Appliance appliance = new Appliance(ApplianceConfig.of("test", values));
    appliance.start();
    return appliance;
  }

  private static Map<String, Object> ram(String name) {
    return Map.of(
        "name", name, "card", "nvme", "serial", name, "namespaces", List.of(Map.of("ram", "8MiB")));
  }

  private Appliance appliance(int port) throws IOException {
    return appliance(port, ram("disk0"), ram("disk1"));
  }

  private SoftwareServer server(String name, int port, Object... functions) {
    Map<String, Object> values =
        Map.of(
            "name",
            name,
            "appliance",
            "127.0.0.1:" + port,
            "run-dir",
            dir.toString(),
            "hold-time",
            "1s",
            "functions",
            List.of(functions));
    return new SoftwareServer(InitiatorConfig.of("test", values), 1 << 20);
  }

  /** With which the function is lent just now. */
  private long epochOf(String function) throws IOException {
    try (ControlClient client =
        new ControlClient(dir.resolve("state").resolve(ControlClient.SOCKET))) {
      for (Map<?, ?> each : Table.maps(client.ask(Map.of("command", "status")), "functions")) {
        if (function.equals(each.get("function"))) {
          return ((Number) each.get("epoch")).longValue();
        }
      }
    }
    throw new AssertionError("no " + function);
  }

  private String epochs() throws IOException {
    return Files.readString(dir.resolve("state/epochs"));
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static NvmeDriver drive(SoftwareServer server) throws Exception {
    return server.nvme(server.devices().get(0), new NvmeDriver.Options(8, true, 65536), SECONDS);
  }

  @Test
  void lendsEachFunctionToOneServerAtATime() throws Exception {
    try (Appliance appliance = appliance(0);
        SoftwareServer b = server("b", appliance.port(), "disk0")) {
      SoftwareServer a = server("a", appliance.port(), "disk0");
      a.boot(SECONDS);
      assertThatThrownBy(() -> b.boot(SECONDS))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("0 of 1 functions");
      // On the disk is what may be given out before it is needed again.
      assertThat(epochs()).isEqualTo("disk0 64\ndisk1 64\n");
      assertThat(drive(a).serial()).isEqualTo("disk0");
      a.close();
      await("b gets it once a has gone", () -> present(b));
      assertThat(epochOf("disk0")).isEqualTo(2L);
    }
  }

  private static boolean present(SoftwareServer server) {
    try {
      return server.ask(SECONDS, end -> end.complete(server.initiator().ports().get(0).present()));
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aServerThatHasRestartedTakesItsOwnPlace() throws Exception {
    try (Appliance appliance = appliance(0);
        SoftwareServer old = server("a", appliance.port(), "disk0");
        SoftwareServer fresh = server("a", appliance.port(), "disk0")) {
      old.boot(SECONDS);
      fresh.boot(SECONDS);
      assertThat(drive(fresh).serial()).isEqualTo("disk0");
      // Two that live cannot take turns at throwing each other out: the older one gives up.
      await("the old one has given up", () -> !old.initiator().dataThread().isAlive());
      assertThat(old.initiator().replaced()).isTrue();
      assertThat(present(fresh)).isTrue();
    }
  }

  @Test
  void lendsTwoFunctionsToTwoServers() throws Exception {
    try (Appliance appliance = appliance(0);
        SoftwareServer a = server("a", appliance.port(), "disk0");
        SoftwareServer b = server("b", appliance.port(), Map.of("name", "disk1", "msix", false))) {
      a.boot(SECONDS);
      b.boot(SECONDS);
      assertThat(drive(a).serial()).isEqualTo("disk0");
      assertThat(drive(b).serial()).isEqualTo("disk1");
    }
  }

  @Test
  void survivesTheAppliancesRestart() throws Exception {
    Appliance first = appliance(0);
    int port = first.port();
    try (SoftwareServer server = server("a", port, "disk0")) {
      server.boot(SECONDS);
      NvmeDriver driver = drive(server);
      first.close();
      RootPort disk = server.initiator().ports().get(0);
      await("surprise removal", () -> !present(server));
      long gone =
          server.ask(
              SECONDS,
              end ->
                  disk.read(
                      LocalFunction.REGION_CONFIG,
                      0,
                      4,
                      (cookie, data, at, bytes) ->
                          end.complete((long) data.get(ValueLayout.JAVA_INT_UNALIGNED, at)),
                      0));
      assertThat(gone).isEqualTo(-1);
      assertThat(driver.room()).isZero();
      try (Appliance second = appliance(port)) {
        assertThat(second.failures()).isEmpty();
        await("the card comes back", () -> present(server));
        assertThat(epochs()).startsWith("disk0 128\n");
      }
    }
  }

  @Test
  void aFailedSlotLeavesTheOthersServing() throws Exception {
    Map<String, Object> broken =
        Map.of(
            "name", "disk0",
            "card", "nvme",
            "namespaces", List.of(Map.of("file", dir.resolve("nowhere/x.img").toString())));
    try (Appliance appliance = appliance(0, broken, ram("disk1"));
        SoftwareServer a = server("a", appliance.port(), "disk0");
        SoftwareServer b = server("b", appliance.port(), "disk1");
        SoftwareServer c = server("c", appliance.port(), "disk9")) {
      assertThat(appliance.failures()).hasSize(1);
      assertThat(appliance.failures().get(0)).startsWith("disk0: ").contains("nowhere/x.img");
      assertThatThrownBy(() -> a.boot(SECONDS)).hasMessageContaining("0 of 1");
      assertThatThrownBy(() -> c.boot(SECONDS)).hasMessageContaining("0 of 1");
      b.boot(SECONDS);
      assertThat(drive(b).serial()).isEqualTo("disk1");
    }
  }
}
