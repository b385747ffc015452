package farslot.api.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLoopTest {
  private static final AgentTimes QUICK =
      new AgentTimes(
          Duration.ofMillis(20),
          Duration.ofMillis(1),
          Duration.ofSeconds(60),
          Duration.ofMillis(1),
          Duration.ofMillis(10));

  /** A manager that can be away, and that forgets whom it knows when it is begun anew. */
  private static final class FakeManager implements ManagerPort {
    private boolean away;
    private boolean known;
    private InitiatorOrders orders = new InitiatorOrders(5, List.of(), List.of());
    private int reports;
    private long obeyed;

    @Override
    public synchronized Orders report(Report report, long obeyedRevision) throws IOException {
      obeyed = obeyedRevision;
      requireThere();
      known = true;
      reports++;
      notifyAll();
      return orders;
    }

    @Override
    public synchronized Orders await(
        AgentKind kind, String name, long seenRevision, Duration atMost)
        throws ApiException, IOException, InterruptedException {
      requireThere();
      if (!known) {
        throw new ApiException(ApiError.GONE, "not known", "", "");
      }
      while (known && !away && orders.revision() == seenRevision) {
        wait();
      }
      requireThere();
      return orders;
    }

    private void requireThere() throws ConnectException {
      if (away) {
        throw new ConnectException("away");
      }
    }

    synchronized void set(boolean isAway, boolean isKnown, InitiatorOrders next) {
      away = isAway;
      known = isKnown;
      orders = next;
      notifyAll();
    }

    synchronized void awaitReports(int more) throws InterruptedException {
      int all = reports + more;
      while (reports < all) {
        wait();
      }
    }

    @Override
    public void close() {}
  }

  /** Remembers what it was told. */
  private static final class FakeAgent implements Agent {
    private final List<Long> obeyed = new ArrayList<>();
    private boolean reporting;

    @Override
    public Report report() {
      reporting = true;
      Report report = new InitiatorReport("a", "1", "", "", null, null, null);
      reporting = false;
      return report;
    }

    @Override
    public synchronized void obey(Orders orders) {
      assertThat(reporting).isFalse();
      obeyed.add(orders.revision());
      notifyAll();
    }

    synchronized void awaitObeyed(long revision) throws InterruptedException {
      while (!obeyed.contains(revision)) {
        wait();
      }
    }
  }

  @TempDir Path dir;
  private final FakeManager manager = new FakeManager();
  private final FakeAgent agent = new FakeAgent();
  private AgentLoop loop;

  private void begin(FakeAgent with) throws Exception {
    loop = new AgentLoop(AgentKind.INITIATOR, "a", manager, with, dir.resolve("orders"), QUICK);
    loop.start();
  }

  @AfterEach
  void close() {
    if (loop != null) {
      loop.close();
    }
  }

  private static InitiatorOrders orders(long revision) {
    HoldingOrder holding =
        new HoldingOrder(
            "rack1/disk0", revision, HoldingOrder.Action.ATTACH, false, "", null, 0, null);
    return new InitiatorOrders(revision, List.of(holding), null);
  }

  @Test
  void reportsAndObeys() throws Exception {
    begin(agent);
    agent.awaitObeyed(5);
    manager.set(false, true, orders(7));
    agent.awaitObeyed(7);
    manager.awaitReports(3); // Without any change: its lease has to be kept alive.
    assertThat(manager.obeyed).isEqualTo(7);
    assertThat(loop.connected()).isTrue();
    assertThat(loop.problem()).isEmpty();
  }

  @Test
  void goesOnWithoutAManager() throws Exception {
    begin(agent);
    manager.set(false, true, orders(7));
    agent.awaitObeyed(7);
    loop.close();
    manager.set(true, false, orders(9));
    FakeAgent again = new FakeAgent();
    begin(again);
    again.awaitObeyed(7); // From the disk.
    assertThat(again.obeyed).containsExactly(7L);
    while (loop.problem().isEmpty()) {
      Thread.sleep(1);
    }
    assertThat(loop.problem()).contains("the manager is away");
    assertThat(loop.connected()).isFalse();
    manager.set(false, false, orders(9));
    again.awaitObeyed(9);
    assertThat(loop.connected()).isTrue();
  }

  @Test
  void aManagerWithAnotherStoreIsFollowedToo() throws Exception {
    begin(agent);
    manager.set(false, true, orders(7));
    agent.awaitObeyed(7);
    manager.set(false, false, orders(3));
    agent.awaitObeyed(3);
  }

  @Test
  void ordersThatCannotBeReadAreSaid() throws Exception {
    Path file = dir.resolve("orders");
    Files.writeString(file, "{\"kind\":\"initiator\",\"name\":\"b\",\"orders\":{}}");
    assertThatThrownBy(() -> begin(agent))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("orders of initiator b, not of initiator a");
    Files.writeString(file, "{\"kind\":");
    assertThatThrownBy(() -> begin(agent)).hasMessageContaining("damaged");
    assertThat(agent.obeyed).isEmpty();
  }

  @Test
  void whatIsOrderedIsDoneAlsoWhenItCannotBeKept() throws Exception {
    Files.createDirectories(dir.resolve("orders.new/in the way"));
    begin(agent);
    agent.awaitObeyed(5);
  }

  @Test
  void theFileIsReplacedAsAWhole() throws Exception {
    OrdersFile file = new OrdersFile(dir.resolve("o"), AgentKind.INITIATOR, "a");
    assertThat(file.read()).isEmpty();
    file.write(orders(1));
    file.write(orders(2));
    assertThat(file.read()).contains(orders(2));
    try (var names = Files.list(dir)) {
      assertThat(names).containsExactly(dir.resolve("o"));
    }
  }
}
