package farslot.manager.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.ApiException;
import farslot.api.agent.Agent;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.EventDocument;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Leaving;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Transaction;
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine without threads: every step of an assignment's life, in time that the test gives. */
class EngineTest {
  private static final String DISK = "rack1/disk0";
  private final Map<String, FakeAppliance> appliances = new HashMap<>();
  private final FakeAppliance rack = new FakeAppliance("rack1", "disk0", "disk1");
  private final FakeServer a = new FakeServer("a", appliances, "vm1");
  private final FakeServer b = new FakeServer("b", appliances, "vm2");
  @TempDir Path dir;
  private FileStateStore store;
  private Engine engine;
  private long nowNs = 5;

  @BeforeEach
  void open() throws Exception {
    appliances.put("rack1", rack);
    store = FileStateStore.open(dir);
    engine = new Engine(store, EngineOptions.DEFAULT, List.of());
    all();
  }

  @AfterEach
  void close() throws Exception {
    engine.close();
    store.close();
  }

  private Now now() {
    return new Now(nowNs, 1_000_000 + nowNs / 1_000_000);
  }

  private void steps() throws Exception {
    for (int i = 0; i < 20 && engine.step(now()); i++) {
      nowNs += 1_000_000;
    }
  }

  /** One round: it reports, and brings about what it is told. */
  private void tell(Agent agent) throws Exception {
    Report report = agent.report();
    engine.report(report, 0, now());
    Orders orders = engine.orders(report.kind(), report.name());
    agent.obey(orders);
    engine.seen(report.kind(), report.name(), orders.revision());
    nowNs += 1_000_000;
    steps();
  }

  private void all() throws Exception {
    for (int i = 0; i < 6; i++) {
      tell(rack);
      tell(a);
      tell(b);
    }
  }

  private FunctionDocument function(String path) {
    return engine.look(
        view ->
            view.fabric()
                .get(Paths.function(path), FunctionDocument.class)
                .orElseThrow()
                .document());
  }

  private Optional<Held<AssignmentDocument>> held() {
    return engine.look(view -> view.fabric().assignment(DISK));
  }

  private String waiting() {
    return engine.look(view -> view.waiting(view.fabric().assignment(DISK).orElseThrow()));
  }

  private List<Held<EventDocument>> events() {
    return engine.look(_ -> engine.events(0));
  }

  private AssignmentDocument assignment() {
    return held().orElseThrow().document();
  }

  private AssignmentChanges changes() {
    return new AssignmentChanges(now().ms(), "ann");
  }

  private boolean commit(Transaction transaction) throws Exception {
    return engine.commit(transaction).succeeded();
  }

  private void assign(String server, String guest) throws Exception {
    AssignmentDocument wanted = AssignmentDocument.wanted(DISK, server, guest);
    assertThat(commit(changes().assign(wanted, store.get(Paths.epoch(DISK)), 0))).isTrue();
  }

  private void leave(Leaving leaving) throws Exception {
    assertThat(commit(changes().drain(held().orElseThrow(), leaving))).isTrue();
  }

  private List<?> holdings(String server) {
    return ((InitiatorOrders) engine.orders(AgentKind.INITIATOR, server)).holdings();
  }

  @Test
  void theServerHearsOfItWhenTheApplianceKnows() throws Exception {
    assign("a", "vm1");
    steps();
    assertThat(assignment().phase()).isEqualTo(Phase.ASSIGNED);
    assertThat(holdings("a")).isEmpty();
    rack.obeys = false;
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ASSIGNED);
    assertThat(waiting()).isEqualTo("waits for appliance rack1 to confirm");
    rack.obeyNow();
    tell(rack);
    assertThat(assignment().phase()).isEqualTo(Phase.GRANTED);
    assertThat(holdings("a")).hasSize(1);
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    assertThat(rack.slots.get("disk0").holder).isEqualTo("a");
    assertThat(rack.slots.get("disk0").refusals).isZero();
  }

  @Test
  void movedWhenItsGuestHasLetGo() throws Exception {
    assign("a", "vm1");
    all();
    leave(Leaving.to("b", "vm2", false, Sanitise.FORMAT));
    rack.slots.get("disk0").sanitises = false;
    all();
    // Shut out, but nobody gets it before it has been sanitised.
    assertThat(assignment().phase()).isEqualTo(Phase.FENCED);
    assertThat(waiting()).isEqualTo("is being sanitised (format-2)");
    assertThat(rack.slots.get("disk0").shutOut).isZero();
    rack.slots.get("disk0").sanitises = true;
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    assertThat(assignment().holder()).isEqualTo("b/vm2");
    assertThat(assignment().epoch()).isEqualTo(3);
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
  }

  @Test
  void aGuestThatDoesNotLetGoKeepsIt() throws Exception {
    assign("a", "vm1");
    all();
    a.letsGo = false;
    leave(Leaving.released(false, Sanitise.NONE));
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.DRAINING);
    assertThat(waiting()).isEqualTo("waits for a/vm1 to let go of it: its guest says no");
    assertThat(engine.untilDueNs()).isBetween(1L, Leaving.TIMEOUT_MS * 1_000_000);
    nowNs += Leaving.TIMEOUT_MS * 1_000_000;
    steps();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    assertThat(assignment().problem())
        .isEqualTo("a/vm1 did not let go of it within 30 s: its guest says no");
    all();
    assertThat(rack.slots.get("disk0").holder).isEqualTo("a");
    // What was said then does not count the next time.
    a.letsGo = true;
    leave(Leaving.released(false, Sanitise.NONE));
    all();
    assertThat(held()).isEmpty();
    assertThat(rack.slots.get("disk0").holder).isEmpty();
    assertThat(rack.slots.get("disk0").shutOut).isZero();
  }

  @Test
  void whoWasGivenASocketAndUsesItCannotBeAsked() throws Exception {
    assign("a", "");
    all();
    a.letsGo = false;
    leave(Leaving.released(false, Sanitise.NONE));
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    assertThat(assignment().problem()).startsWith("a cannot be asked to let go of it");
    leave(Leaving.released(true, Sanitise.NONE));
    all();
    assertThat(held()).isEmpty();
  }

  @Test
  void detachedMeansThatNobodyReachesItAnyMore() throws Exception {
    assign("a", "vm1");
    all();
    rack.obeys = false;
    leave(Leaving.released(true, Sanitise.NONE));
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.FENCED);
    assertThat(waiting()).isEqualTo("waits for appliance rack1 to confirm");
    rack.obeyNow();
    rack.obeys = true;
    all();
    assertThat(held()).isEmpty();
    assertThat(rack.slots.get("disk0").floor).isEqualTo(2);
  }

  @Test
  void byForceNobodyIsAsked() throws Exception {
    assign("a", "vm1");
    all();
    a.letsGo = false;
    leave(Leaving.to("b", "", true, Sanitise.NONE));
    all();
    assertThat(assignment().holder()).isEqualTo("b");
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
    assertThat(a.holdings).isEmpty();
  }

  @Test
  void aDeadServerIsNotAsked() throws Exception {
    assign("a", "vm1");
    all();
    store.commit(Transaction.of(Action.delete(Paths.presence("initiator", "a"))));
    leave(Leaving.to("b", "vm2", false, Sanitise.NONE));
    for (int i = 0; i < 6; i++) {
      tell(rack);
      tell(b);
    }
    assertThat(assignment().holder()).isEqualTo("b/vm2");
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
    assertThat(events()).anyMatch(each -> each.document().what().equals("lost"));
    // It comes back, and hears that it has nothing.
    all();
    assertThat(a.holdings).isEmpty();
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
  }

  @Test
  void aDeadApplianceHoldsNobodyUp() throws Exception {
    assign("a", "vm1");
    all();
    store.commit(Transaction.of(Action.delete(Paths.presence("appliance", "rack1"))));
    leave(Leaving.released(false, Sanitise.NONE));
    for (int i = 0; i < 6; i++) {
      tell(a);
    }
    assertThat(held()).isEmpty();
    // As soon as it is back it is told that this epoch is over, and says so before anybody comes.
    assign("b", "");
    tell(a);
    tell(b);
    assertThat(assignment().phase()).isEqualTo(Phase.ASSIGNED);
    all();
    assertThat(rack.slots.get("disk0").holder).isEqualTo("b");
    assertThat(rack.slots.get("disk0").floor).isEqualTo(3);
  }

  @Test
  void aStoreBegunAnewGetsAboveWhatTheApplianceHasSeen() throws Exception {
    AssignmentDocument wanted = AssignmentDocument.wanted(DISK, "a", "");
    rack.slots.get("disk0").floor = 77;
    commit(changes().assign(wanted, Optional.empty(), 0));
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    assertThat(assignment().epoch()).isEqualTo(78);
  }

  @Test
  void restartsOfAgentsChangeNothing() throws Exception {
    assign("a", "vm1");
    all();
    a.restart();
    rack.restart();
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    assertThat(rack.slots.get("disk0").holder).isEqualTo("a");
    assertThat(assignment().epoch()).isEqualTo(1);
  }

  @Test
  void twoAgentsOfOneName() throws Exception {
    FakeServer twin = new FakeServer("a", appliances);
    twin.restart();
    engine.report(twin.report(), 0, now());
    assertThatThrownBy(() -> engine.report(a.report(), 0, now()))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("names must differ");
  }

  @Test
  void anotherManagerGoesOnWhereThisOneWas() throws Exception {
    assign("a", "vm1");
    all();
    leave(Leaving.to("b", "vm2", false, Sanitise.NONE));
    ApplianceOrders before = (ApplianceOrders) engine.orders(AgentKind.APPLIANCE, "rack1");
    engine.close();
    engine = new Engine(store, EngineOptions.DEFAULT, List.of());
    ApplianceOrders after = (ApplianceOrders) engine.orders(AgentKind.APPLIANCE, "rack1");
    assertThat(after.functions()).isEqualTo(before.functions());
    assertThat(after.revision()).isGreaterThanOrEqualTo(before.revision());
    steps();
    assertThat(assignment().phase()).isEqualTo(Phase.DRAINING); // Nobody has said anything yet.
    all();
    assertThat(assignment().holder()).isEqualTo("b/vm2");
    assertThat(rack.slots.get("disk0").shutOut).isZero();
  }

  @Test
  void whatCannotBeReadHidesNothing() throws Exception {
    store.commit(
        Transaction.of(
            Action.put(
                Paths.assignment("rack1/disk1"),
                Bytes.utf8("{\"kind\":\"assignment\",\"version\":9,\"spec\":{}}"))));
    assign("a", "vm1");
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
    Map<String, String> problems = engine.look(v -> Map.copyOf(v.fabric().problems()));
    assertThat(problems).containsOnlyKeys("/assignments/rack1/disk1");
  }

  /** A manager was taken back to an earlier version: what runs goes on. */
  @Test
  void whatALaterVersionHasWrittenIsTakenFromNobody() throws Exception {
    assign("a", "vm1");
    all();
    String now = store.get(Paths.assignment(DISK)).orElseThrow().value().utf8();
    String later =
        now.replace("\"version\":1", "\"version\":9")
            .replace("\"epoch\":", "\"mood\":1,\"epoch\":");
    store.commit(Transaction.of(Action.put(Paths.assignment(DISK), Bytes.utf8(later))));
    all();
    engine.close();
    engine = new Engine(store, EngineOptions.DEFAULT, List.of());
    all();
    assertThat(rack.slots.get("disk0").holder).isEqualTo("a");
    assertThat(holdings("a")).hasSize(1);
    assertThat(held()).isEmpty(); // It can be neither changed nor given to anybody.
    assertThat(engine.look(v -> v.fabric().isFree(DISK)).booleanValue()).isFalse();
  }

  @Test
  void whatOneCardSaysWrongHidesNoOther() throws Exception {
    rack.slots.put("disk 2", new FakeAppliance.Slot());
    rack.slots.put("disk3", new FakeAppliance.Slot());
    all();
    Set<String> known =
        engine.look(v -> Set.copyOf(v.fabric().all(FunctionDocument.class).keySet()));
    assertThat(known).contains("/functions/rack1/disk3").hasSize(3);
  }

  @Test
  void aPartWithAMistakeHoldsNobodyUp() throws Exception {
    engine.close();
    Part part =
        new Part() {
          @Override
          public List<Transaction> due(View view, Now now) {
            throw new IllegalStateException("a mistake");
          }
        };
    engine = new Engine(store, EngineOptions.DEFAULT, List.of(part));
    assign("a", "vm1");
    all();
    assertThat(assignment().phase()).isEqualTo(Phase.ATTACHED);
  }

  @Test
  void eventsAreBounded() throws Exception {
    engine.close();
    engine = new Engine(store, new EngineOptions(Duration.ofSeconds(10), 50), List.of());
    for (int i = 0; i < 60; i++) {
      assign("a", "");
      all();
      leave(Leaving.released(false, Sanitise.NONE));
      all();
      assertThat(held()).isEmpty();
    }
    assertThat(events().size()).isBetween(50, 200);
    assertThat(events().getLast().document().what()).isEqualTo("released");
  }

  /** A card that could not be made is looked for in the list, and what is wrong with it. */
  @Test
  void aCardThatNeverCameIsKnownAndWhatItIsLater() throws Exception {
    FakeAppliance.Slot disk1 = rack.slots.get("disk1");
    rack.slots.put("disk9", disk1);
    disk1.present = false;
    disk1.deviceId = "";
    all();
    assertThat(function("rack1/disk9").deviceId()).isEmpty();
    assertThat(function("rack1/disk1").deviceId()).isEqualTo("1b36:0010"); // It was seen before.
    disk1.present = true;
    disk1.deviceId = "1b36:0010";
    all();
    assertThat(function("rack1/disk9").deviceId()).isEqualTo("1b36:0010");
  }

  @Test
  void cardsThatComeAndGoAreTold() throws Exception {
    rack.slots.get("disk1").present = false;
    all();
    rack.slots.get("disk1").present = true;
    all();
    assertThat(events())
        .extracting(each -> each.document().message())
        .contains("rack1/disk1 is gone: pulled out", "rack1/disk1 is there again");
  }
}
