package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.agent.AgentKind;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingOrder.Action;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.HoldingReport.State;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Orders;
import farslot.api.agent.Qos;
import farslot.api.agent.Report;
import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.ManagedInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An initiator under a manager's orders, with two real appliances. */
@Timeout(300)
class ManagedInitiatorTest {
  private static final long SECONDS = 120;
  private static final String ONE = "rack1/disk0";
  private static final String TWO = "rack2/disk0";

  @TempDir Path dir;
  private final Desk desk = new Desk();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Integer> ports = new HashMap<>();

  /** A manager that says what the test wants, or is away. */
  private static final class Desk implements ManagerPort {
    private InitiatorOrders orders = new InitiatorOrders(1, List.of(), List.of());
    private InitiatorReport last;
    private boolean away;

    synchronized void order(HoldingOrder... holdings) {
      orders = new InitiatorOrders(orders.revision() + 1, List.of(holdings), List.of());
      last = null;
      notifyAll();
    }

    synchronized void away(boolean now) {
      away = now;
      notifyAll();
    }

    synchronized Optional<HoldingReport> holding(String function) {
      return last == null
          ? Optional.empty()
          : last.holdings().stream().filter(each -> each.function().equals(function)).findFirst();
    }

    @Override
    public synchronized Orders report(Report report, long obeyedRevision) throws IOException {
      check();
      last = (InitiatorReport) report;
      return orders;
    }

    @Override
    public synchronized Orders await(
        AgentKind kind, String name, long seenRevision, Duration atMost)
        throws IOException, InterruptedException {
      long end = System.nanoTime() + atMost.toNanos();
      while (orders.revision() == seenRevision && !away && System.nanoTime() < end) {
        wait(100);
      }
      check();
      return orders;
    }

    private void check() throws IOException {
      if (away) {
        throw new IOException("the manager is away");
      }
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private void appliance(String name) throws Exception {
    Map<String, Object> disk =
        Map.of(
            "name",
            "disk0",
            "card",
            "nvme",
            "serial",
            "S" + name,
            "namespaces",
            List.of(Map.of("ram", "1MiB")));
    Map<String, Object> values =
        Map.of(
            "name",
            name,
            "listen",
            "127.0.0.1:0",
            "state-dir",
            dir.resolve("state-" + name).toString(),
            "slots",
            List.of(disk));
    Appliance appliance = new Appliance(ApplianceConfig.of("test", values));
    appliance.start();
    open.add(appliance);
    ports.put(name, appliance.port());
  }

  private ManagedInitiator initiator() throws Exception {
    Map<String, Object> values =
        Map.of(
            "name",
            "server-a",
            "manager",
            "/nowhere",
            "run-dir",
            Files.createDirectories(dir.resolve("run")).toString(),
            "state-dir",
            dir.resolve("orders").toString());
    ManagedInitiator initiator = new ManagedInitiator(InitiatorConfig.of("test", values), "test");
    initiator.start(desk);
    return initiator;
  }

  private HoldingOrder order(String function, Action action) {
    String appliance = function.substring(0, function.indexOf('/'));
    List<String> addresses = List.of("127.0.0.1:" + ports.get(appliance));
    return new HoldingOrder(function, 0, action, false, "", addresses, 0, Qos.NONE);
  }

  private Path socket(String function) {
    return dir.resolve("run").resolve(function + ".sock");
  }

  private HoldingReport await(String function, State state) throws InterruptedException {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (true) {
      Optional<HoldingReport> now = desk.holding(function);
      if (now.filter(each -> each.state() == state).isPresent()) {
        return now.get();
      }
      assertThat(System.nanoTime()).as("%s is not %s: %s", function, state, now).isLessThan(end);
      Thread.sleep(5);
    }
  }

  @Test
  void functionsOfSeveralAppliancesComeAndGo() throws Exception {
    appliance("rack1");
    appliance("rack2");
    open.add(initiator());
    desk.order(order(ONE, Action.ATTACH), order(TWO, Action.ATTACH));
    assertThat(await(ONE, State.ATTACHED).detail())
        .contains("-device")
        .contains("rack1/disk0.sock");
    await(TWO, State.ATTACHED);
    assertThat(socket(ONE)).exists();
    assertThat(socket(TWO)).exists();
    desk.order(order(ONE, Action.RELEASE), order(TWO, Action.ATTACH));
    await(ONE, State.RELEASED);
    assertThat(socket(ONE)).doesNotExist();
    await(TWO, State.ATTACHED);
    assertThat(socket(TWO)).exists();
  }

  @Test
  void withTheManagerAwayTheOrdersOnDiskAreObeyed() throws Exception {
    appliance("rack1");
    try (ManagedInitiator _ = initiator()) {
      desk.order(order(ONE, Action.ATTACH));
      await(ONE, State.ATTACHED);
    }
    assertThat(socket(ONE)).doesNotExist();
    desk.away(true);
    open.add(initiator());
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (!Files.exists(socket(ONE))) {
      assertThat(System.nanoTime()).as("the socket is not there again").isLessThan(end);
      Thread.sleep(5);
    }
    desk.order(order(ONE, Action.RELEASE));
    desk.away(false);
    await(ONE, State.RELEASED);
  }

  @Test
  void nothingIsLeftOfWhatHasGone() throws Exception {
    appliance("rack1");
    open.add(initiator());
    long before = 0;
    for (int round = 0; round < 30; round++) {
      desk.order(order(ONE, Action.ATTACH));
      await(ONE, State.ATTACHED);
      desk.order(order(ONE, Action.RELEASE));
      await(ONE, State.RELEASED);
      if (round == 9) {
        before = settled(Long.MAX_VALUE);
      }
    }
    assertThat(settled(before)).as("descriptors").isLessThanOrEqualTo(before);
  }

  /** Open descriptors, once those are closed that are about to be; at most so many if possible. */
  private static long settled(long wanted) throws Exception {
    long open = 0;
    for (int i = 0; i < 200; i++) {
      try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
        open = fds.count();
      }
      if (i > 10 && open <= wanted) {
        return open;
      }
      Thread.sleep(10);
    }
    return open;
  }

  @Test
  void whatCannotBeHadSaysWhy() throws Exception {
    appliance("rack1");
    open.add(initiator());
    HoldingOrder strange =
        new HoldingOrder("../x", 0, Action.ATTACH, false, "", List.of("h"), 0, Qos.NONE);
    HoldingOrder nowhere =
        new HoldingOrder("rack9/x", 0, Action.ATTACH, false, "", List.of(), 0, Qos.NONE);
    HoldingOrder unknown =
        new HoldingOrder(
            "rack1/disk9",
            0,
            Action.ATTACH,
            false,
            "",
            List.of("127.0.0.1:" + ports.get("rack1")),
            0,
            Qos.NONE);
    desk.order(strange, nowhere, unknown, order(ONE, Action.ATTACH));
    await(ONE, State.ATTACHED);
    says("../x", "is not APPLIANCE/FUNCTION");
    says("rack9/x", "its appliance has no address");
    says("rack1/disk9", "the appliance refuses it");
  }

  private void says(String function, String what) throws InterruptedException {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (!desk.holding(function).map(HoldingReport::detail).orElse("").contains(what)) {
      assertThat(System.nanoTime()).as("%s does not say '%s'", function, what).isLessThan(end);
      Thread.sleep(5);
    }
    assertThat(desk.holding(function).orElseThrow().state()).isEqualTo(State.ATTACHING);
  }
}
