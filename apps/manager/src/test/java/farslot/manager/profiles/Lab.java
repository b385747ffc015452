package farslot.manager.profiles;

import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.AssignmentChanges;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.BindingDocument;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.Document;
import farslot.manager.model.Documents;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.SanitiseDocument;
import farslot.manager.model.ServerDocument;
import farslot.store.Action;
import farslot.store.RangeRequest;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.file.FileStateStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A fabric with appliances and servers that do at once what they are told, or are dead. */
final class Lab implements Facts, AutoCloseable {
  static final long S = 1_000_000_000L;

  final FileStateStore store;
  final ProfileKeeper keeper = new ProfileKeeper();
  final Set<String> dead = new HashSet<>();
  final Set<String> absent = new HashSet<>();
  final Set<String> broken = new HashSet<>();

  /** Servers and guests that do not let go. */
  final Set<String> stubborn = new HashSet<>();

  /** Servers and guests that do not take anything. */
  final Set<String> asleep = new HashSet<>();

  /** Servers that no tenant may use. */
  final Set<String> foreign = new HashSet<>();

  /** Functions whose appliances do not confirm that they have shut somebody out. */
  final Set<String> unmovable = new HashSet<>();

  /** Whether what is to be sanitised is not done yet. */
  boolean sanitisingSlowly;

  long nowNs;
  long nowMs = 1_000;

  Lab(Path dir) throws Exception {
    store = FileStateStore.open(dir);
  }

  void put(Document document) throws Exception {
    store.commit(Transaction.of(Action.put(document.key(), Documents.write(document))));
  }

  void delete(String key) throws Exception {
    store.commit(Transaction.of(Action.delete(key)));
  }

  /** An appliance with drives of so many bytes each, and functions of a network card. */
  void appliance(String name, List<Long> drives, int nics) throws Exception {
    put(new ApplianceDocument(name, List.of(), "", null));
    for (int i = 0; i < drives.size(); i++) {
      put(new FunctionDocument(name, "disk" + i, "nvme", "1b36:0010", drives.get(i), null, ""));
    }
    for (int i = 0; i < nics; i++) {
      put(new FunctionDocument(name, "nic" + i, "nic82599", "8086:10ed", 0, null, ""));
    }
  }

  void server(String name, String... guests) throws Exception {
    put(new ServerDocument(name, List.of(guests), null));
  }

  Fabric fabric() throws Exception {
    return Fabric.read(store);
  }

  Asker asker() {
    return Asker.owner(nowMs);
  }

  Plan plan(String yaml) throws Exception {
    return new Planner(fabric(), this).plan(Manifest.read("test.yaml", yaml), false, asker());
  }

  Plan plan(Wish wish) throws Exception {
    return new Planner(fabric(), this).plan(wish, asker());
  }

  /** Plans, and does it. */
  Plan apply(String yaml) throws Exception {
    Plan plan = plan(yaml);
    commit(plan);
    return plan;
  }

  Plan apply(Wish wish) throws Exception {
    Plan plan = plan(wish);
    commit(plan);
    return plan;
  }

  private void commit(Plan plan) throws Exception {
    nowMs++;
    if (plan.transaction().isPresent() && !store.commit(plan.transaction().get()).succeeded()) {
      throw new AssertionError("somebody was faster");
    }
  }

  /** The keeper's steps, and those of engine, appliances and servers. */
  boolean step() throws Exception {
    nowMs++;
    List<Transaction> all =
        new ArrayList<>(keeper.look(fabric(), this, nowNs, nowMs).transactions());
    boolean done = false;
    for (Transaction each : all) {
      done |= store.commit(each).succeeded();
    }
    nowMs++;
    for (Transaction each : engine()) {
      done |= store.commit(each).succeeded();
    }
    return done;
  }

  /** Until nothing is left to do. */
  void settle() throws Exception {
    for (int i = 0; i < 100; i++) {
      if (!step()) {
        return;
      }
    }
    throw new AssertionError("it does not come to an end: " + events());
  }

  /** Time passes, with looks in between as an engine makes them. */
  void pass(int seconds) throws Exception {
    for (int i = 0; i < seconds; i++) {
      nowNs += S;
      nowMs += 1_000;
      settle();
    }
  }

  private List<Transaction> engine() throws Exception {
    Fabric fabric = fabric();
    AssignmentChanges changes = new AssignmentChanges(nowMs, "");
    List<Transaction> steps = new ArrayList<>();
    for (Held<AssignmentDocument> each : fabric.all(AssignmentDocument.class).values()) {
      AssignmentDocument is = each.document();
      boolean confirms = !dead.contains(appliance(is.function()));
      switch (is.phase()) {
        case ASSIGNED -> {
          if (confirms) {
            steps.add(changes.granted(each));
          }
        }
        case GRANTED -> {
          if (!dead.contains(is.server()) && !asleep.contains(is.holder())) {
            steps.add(changes.attached(each));
          }
        }
        case ATTACHED -> {}
        case DRAINING -> {
          boolean lets =
              is.leaving().forced()
                  || dead.contains(is.server())
                  || !stubborn.contains(is.holder());
          steps.add(
              lets
                  ? changes.fence(each, fabric.epoch(is.function()))
                  : changes.stay(each, true, is.holder() + " did not let go of it"));
        }
        case FENCED -> {
          if (unmovable.contains(is.function())) {
            continue;
          }
          if (!is.leaving().moves()) {
            steps.add(changes.release(each));
          } else if (!fabric
              .get(Paths.sanitise(is.function()), SanitiseDocument.class)
              .isPresent()) {
            steps.add(changes.move(each, fabric.epoch(is.function())));
          }
        }
      }
    }
    if (!sanitisingSlowly) {
      for (Held<SanitiseDocument> each : fabric.all(SanitiseDocument.class).values()) {
        steps.add(changes.sanitised(each));
      }
    }
    return steps;
  }

  private static String appliance(String function) {
    return function.substring(0, function.indexOf('/'));
  }

  /** What is in which slot of a profile. */
  Map<String, String> slots(String profile) throws Exception {
    Map<String, String> slots = new TreeMap<>();
    for (Held<BindingDocument> each : fabric().all(BindingDocument.class).values()) {
      if (each.document().profile().equals(profile)) {
        String before = slots.put(each.document().slot(), each.document().function());
        if (before != null) {
          throw new AssertionError("slot " + each.document().slot() + " has two functions");
        }
      }
    }
    return slots;
  }

  /** Who has what, {@code function -> SERVER/GUEST}, as far as it is attached. */
  Map<String, String> attached() throws Exception {
    Map<String, String> attached = new TreeMap<>();
    for (Held<AssignmentDocument> each : fabric().all(AssignmentDocument.class).values()) {
      if (each.document().phase() == AssignmentDocument.Phase.ATTACHED) {
        attached.put(each.document().function(), each.document().holder());
      }
    }
    return attached;
  }

  ProfileDocument profile(String name) throws Exception {
    return fabric().get(Paths.profile(name), ProfileDocument.class).orElseThrow().document();
  }

  Optional<ProfileDocument> findProfile(String name) throws Exception {
    return fabric().get(Paths.profile(name), ProfileDocument.class).map(Held::document);
  }

  int changesUnderWay() throws Exception {
    return fabric().all(ChangeDocument.class).size();
  }

  /** What was recorded, {@code what: message}, oldest first. */
  List<String> events() throws Exception {
    return store.range(RangeRequest.of(Paths.EVENTS)).items().stream()
        .map(
            each -> {
              try {
                EventDocument event = Documents.read(each, EventDocument.class);
                return event.what() + ": " + event.message();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  @Override
  public boolean applianceThere(String appliance) {
    return !dead.contains(appliance);
  }

  @Override
  public boolean serverThere(String server) {
    return !dead.contains(server);
  }

  @Override
  public boolean serverFor(String tenant, String server) {
    return tenant.isEmpty() || !foreign.contains(server);
  }

  @Override
  public boolean gone(String function) {
    return applianceThere(appliance(function)) && !present(function);
  }

  @Override
  public boolean present(String function) {
    return !absent.contains(function);
  }

  @Override
  public boolean works(String function) {
    return !broken.contains(function);
  }

  @Override
  public long epoch(String function) {
    return 0;
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }
}
