package farslot.manager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.Json;
import farslot.api.agent.Agent;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ManagerPort;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.Held;
import farslot.store.StoreException;
import farslot.store.file.FileStateStore;
import farslot.store.file.FileStoreOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A fabric in which everything happens by chance, on one thread: people want things, agents are
 * heard or not, guests let go or do not, the manager is killed at any operation of its store.
 */
final class RandomFabric {
  private static final Duration TTL = EngineOptions.LEASE_TTL;

  /** Who shall have a function, as it was answered last; "" for nobody. */
  private record Wish(String holder, boolean sure) {}

  private final Random random;
  private final MemoryDisk disk = new MemoryDisk();
  private final Map<String, FakeAppliance> appliances = new TreeMap<>();
  private final Map<String, FakeServer> servers = new TreeMap<>();
  private final List<String> functions = new ArrayList<>();
  private final Map<String, Wish> wishes = new HashMap<>();
  private final Map<Agent, Long> heardNs = new HashMap<>();
  private final Map<Agent, Long> obeyed = new HashMap<>();

  /** Functions, with the epochs of assignments that may be ended without asking their servers. */
  private final Set<String> violent = new HashSet<>();

  private final Map<String, Integer> shutOut = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private FileStateStore files;
  private MortalStore store;
  private Manager manager;
  private long nowNs = 1_000;
  int kills;
  int moves;

  RandomFabric(long seed) throws Exception {
    random = new Random(seed);
    for (String rack : List.of("rack1", "rack2")) {
      appliances.put(rack, new FakeAppliance(rack, "disk0", "disk1"));
      functions.add(rack + "/disk0");
      functions.add(rack + "/disk1");
    }
    for (String server : List.of("a", "b", "c")) {
      servers.put(server, new FakeServer(server, appliances, "vm"));
    }
    begin();
  }

  private void begin() throws Exception {
    FileStoreOptions usual = FileStoreOptions.DEFAULT;
    files =
        FileStateStore.open(
            disk,
            new FileStoreOptions(
                usual.capacity(),
                1 << 20,
                () -> nowNs,
                () -> new UUID(0, 1),
                System.getLogger("test")));
    store = new MortalStore(files, random);
    EngineOptions engine = new EngineOptions(TTL, 64);
    manager =
        new Manager(
            store, new ManagerOptions(engine, () -> nowNs, () -> wallMs(), "test"), List.of());
  }

  /** A clock that people set: it leaps by a year now and then, also back. */
  private long wallMs() {
    long leaps = nowNs / 60_000_000_000L % 3 * 31_536_000_000L;
    return 1_700_000_000_000L + leaps + nowNs / 1_000_000;
  }

  private List<Agent> agents() {
    List<Agent> agents = new ArrayList<>(appliances.values());
    agents.addAll(servers.values());
    return agents;
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Lets something happen. */
  void happen() throws Exception {
    try {
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> want();
        case 3 -> pass(random.nextInt(12) * 1_000);
        case 4 -> trouble();
        case 5 -> store.killAfter(1 + random.nextInt(30));
        case 6 -> store.failing(random.nextInt(3) == 0 ? 0.3 : 0);
        default -> exchange(pick(agents()), random.nextInt(8) > 0);
      }
      steps();
    } catch (MortalStore.Killed e) {
      kills++;
      comeAgain();
    }
    check();
  }

  private void comeAgain() throws Exception {
    manager.close();
    files.close();
    begin();
  }

  private void steps() {
    try {
      for (int i = 0; i < 20 && manager.engine().step(manager.options().now()); i++) {
        nowNs += 1_000_000;
      }
    } catch (StoreException e) {
      // The disk was said to fail.
    }
  }

  private void pass(long ms) throws Exception {
    for (long left = ms; left > 0; left -= 200) {
      nowNs += 200_000_000L;
      files.tick();
    }
    for (Agent agent : agents()) {
      if (isDoubtful(agent)) {
        functions.stream().filter(each -> concerns(agent, each)).forEach(this::excuse);
      }
    }
  }

  private boolean isDoubtful(Agent agent) {
    return nowNs - heardNs.getOrDefault(agent, 0L) > TTL.toNanos() / 2;
  }

  private static boolean concerns(Agent agent, String function) {
    return agent instanceof FakeAppliance rack
        ? function.startsWith(rack.name + "/")
        : ((FakeServer) agent).holdings.containsKey(function);
  }

  private void excuse(String function) {
    assignment(function).ifPresent(each -> violent.add(function + "@" + each.document().epoch()));
  }

  private void trouble() {
    switch (random.nextInt(6)) {
      case 0 -> pick(List.copyOf(servers.values())).restart();
      case 1 -> pick(List.copyOf(appliances.values())).restart();
      case 2 -> pick(List.copyOf(servers.values())).letsGo = random.nextInt(3) > 0;
      case 3 -> pick(List.copyOf(servers.values())).attaches = random.nextInt(3) > 0;
      case 4 -> slot(pick(functions)).present = random.nextInt(3) > 0;
      default -> pick(List.copyOf(appliances.values())).obeys = random.nextInt(3) > 0;
    }
  }

  private FakeAppliance.Slot slot(String function) {
    String[] parts = function.split("/");
    return appliances.get(parts[0]).slots.get(parts[1]);
  }

  /** An agent reports and hears; or what it says, or what it is told, is lost. */
  private void exchange(Agent agent, boolean arrives) throws Exception {
    Report report = agent.report();
    ManagerPort port = manager.port();
    try {
      Long seen = obeyed.get(agent);
      if (seen != null) {
        port.await(report.kind(), report.name(), seen, Duration.ZERO);
      }
    } catch (ApiException e) {
      obeyed.remove(agent); // A manager that was begun anew.
    }
    report = agent.report();
    try {
      port.report(report);
      heardNs.put(agent, nowNs);
      if (arrives) {
        Orders orders = port.await(report.kind(), report.name(), -1, Duration.ZERO);
        agent.obey(orders);
        obeyed.put(agent, orders.revision());
      }
    } catch (ApiException e) {
      throw new AssertionError(e);
    }
  }

  private void want() throws Exception {
    String function = pick(functions);
    String server = pick(List.copyOf(servers.keySet()));
    String guest = random.nextBoolean() ? "vm" : "";
    String holder = guest.isEmpty() ? server : server + "/" + guest;
    String to = "\"server\":\"%s\",\"guest\":\"%s\"".formatted(server, guest);
    boolean force = random.nextInt(4) == 0;
    String how =
        "\"force\":%s,\"timeout\":\"5s\",\"sanitise\":\"%s\""
            .formatted(force, random.nextInt(4) == 0 ? "format" : "none");
    switch (random.nextInt(4)) {
      case 0 -> ask(function, "detach", "{" + how + "}", "", force);
      case 1 -> ask(function, "move", "{" + to + "," + how + "}", holder, force);
      default -> ask(function, "attach", "{" + to + "}", holder, false);
    }
  }

  private void ask(String function, String what, String body, String holder, boolean force)
      throws Exception {
    String path = "/api/v1/functions/" + function + "/" + what;
    if (force) {
      excuse(function);
    }
    Wish before = wishes.get(function);
    wishes.put(function, new Wish(holder, false)); // Should the manager die over it.
    try {
      manager.api().handle(new ApiRequest("POST", path, Map.of(), Json.parse(body), Caller.LOCAL));
      wishes.put(function, new Wish(holder, true));
      moves += what.equals("move") ? 1 : 0;
    } catch (ApiException e) {
      boolean unknown = e.what().startsWith("nobody can say");
      if (!unknown) {
        if (before == null) {
          wishes.remove(function);
        } else {
          wishes.put(function, before);
        }
      }
    }
  }

  private Optional<Held<AssignmentDocument>> assignment(String function) {
    return manager.engine().look(view -> view.fabric().assignment(function));
  }

  private void check() {
    for (String function : functions) {
      FakeAppliance.Slot slot = slot(function);
      int before = shutOut.getOrDefault(function, 0);
      if (slot.shutOut > before) {
        assertThat(violent)
            .as("taken from servers without asking them")
            .contains(function + "@" + slot.shutOutEpoch);
        shutOut.put(function, slot.shutOut);
      }
      long epoch = manager.engine().look(view -> view.fabric().floor(function));
      assertThat(epoch).as(function).isGreaterThanOrEqualTo(epochs.getOrDefault(function, 0L));
      epochs.put(function, epoch);
      assertThat(slot.floor).as(function).isLessThanOrEqualTo(epoch);
    }
  }

  /** All trouble ends; everything has to come to its end, as people want it. */
  void settle() throws Exception {
    store.killAfter(Integer.MAX_VALUE);
    store.failing(0);
    servers.values().forEach(each -> each.letsGo = true);
    servers.values().forEach(each -> each.attaches = true);
    appliances.values().forEach(each -> each.obeys = true);
    functions.forEach(each -> slot(each).present = true);
    for (int round = 0; round < 20; round++) {
      for (Agent agent : agents()) {
        exchange(agent, true);
        steps();
      }
      pass(400);
    }
    for (String function : functions) {
      Optional<AssignmentDocument> now = assignment(function).map(Held::document);
      String holder = now.map(AssignmentDocument::holder).orElse("");
      assertThat(now.map(AssignmentDocument::phase))
          .as("%s: %s", function, waiting(function))
          .isIn(Optional.empty(), Optional.of(Phase.ATTACHED));
      assertThat(slot(function).holder)
          .as(function)
          .isEqualTo(now.map(AssignmentDocument::server).orElse(""));
      Wish wish = wishes.get(function);
      boolean refused = now.filter(each -> !each.problem().isEmpty()).isPresent();
      if (wish != null && wish.sure() && !refused) {
        assertThat(holder).as("%s, as it was answered", function).isEqualTo(wish.holder());
      }
    }
    for (AgentKind kind : AgentKind.values()) {
      for (Agent agent : agents()) {
        Report report = agent.report();
        assertThat(report.kind() != kind || manager.engine().knows(kind, report.name())).isTrue();
      }
    }
  }

  private String waiting(String function) {
    return manager
        .engine()
        .look(view -> view.fabric().assignment(function).map(view::waiting).orElse(""));
  }

  void end() throws Exception {
    manager.close();
    files.close();
  }
}
