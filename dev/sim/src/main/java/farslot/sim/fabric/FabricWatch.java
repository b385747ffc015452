package farslot.sim.fabric;

import farslot.api.agent.AgentKind;
import farslot.manager.engine.View;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.AssignmentDocument.Phase;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.ProfileDocument.Sanitise;
import farslot.manager.model.SanitiseDocument;
import farslot.sim.Rule;
import farslot.sim.World;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Looks after everything that happens whether a rule is broken. */
final class FabricWatch {
  private final World world;
  private final Fabric fabric;

  /** The highest assignment that its appliance has let in, by path. */
  private final Map<String, Long> granted = new HashMap<>();

  /** Whose an epoch is, by path and epoch. */
  private final Map<String, String> owners = new HashMap<>();

  /** From this epoch on a function has to be found erased. */
  private final Map<String, Long> erasedFrom = new HashMap<>();

  private final Map<String, Fabric.Reach> reached = new HashMap<>();
  private final Map<String, AssignmentDocument> documents = new HashMap<>();

  FabricWatch(World world, Fabric fabric) {
    this.world = world;
    this.fabric = fabric;
  }

  /** After each event. */
  void look() {
    ManagerNode manager = fabric.manager();
    if (manager.isAlive() && manager.publish()) {
      manager.manager().engine().look(this::documents);
    }
    for (int f = 0; f < fabric.shape.functions(); f++) {
      reach(fabric.shape.path(f));
    }
  }

  private Void documents(View view) {
    for (int f = 0; f < fabric.shape.functions(); f++) {
      String path = fabric.shape.path(f);
      Optional<AssignmentDocument> now = view.fabric().assignment(path).map(Held::document);
      AssignmentDocument before = documents.get(path);
      if (now.isPresent() && !now.get().equals(before)) {
        said(view, now.get(), before);
        documents.put(path, now.get());
      } else if (now.isEmpty() && before != null) {
        world.trace.say("m", path + " is free");
        documents.remove(path);
      }
    }
    return null;
  }

  private void said(View view, AssignmentDocument now, AssignmentDocument before) {
    String path = now.function();
    world.trace.say(
        "m",
        "%s is %s, %s, epoch %d%s"
            .formatted(path, now.phase(), now.holder(), now.epoch(), told(now.problem())));
    if (now.phase() == Phase.FENCED) {
      fenced(view, now, before);
      return;
    }
    String owner = owners.putIfAbsent(path + " " + now.epoch(), now.server());
    world.judge.require(
        owner == null || owner.equals(now.server()),
        Rule.ONE_SERVER,
        "%s, epoch %d is %s's, and was %s's",
        path,
        now.epoch(),
        now.server(),
        owner);
    if (now.phase() == Phase.GRANTED || now.phase() == Phase.ATTACHED) {
      granted.merge(path, now.epoch(), Math::max);
    }
  }

  private static String told(String problem) {
    return problem.isEmpty() ? "" : ": " + problem;
  }

  private void fenced(View view, AssignmentDocument now, AssignmentDocument before) {
    String path = now.function();
    if (now.leaving().sanitise() == Sanitise.FORMAT) {
      erasedFrom.merge(path, now.epoch(), Math::max);
    }
    if (before == null || before.phase() == Phase.FENCED || now.leaving().forced()) {
      return;
    }
    ServerNode server = fabric.server(now.server());
    boolean there = view.isThere(AgentKind.INITIATOR, now.server());
    world.judge.require(
        !there || !server.isAlive() || !server.uses(path, before.epoch()),
        Rule.LET_GO_FIRST,
        "%s is fenced while %s uses it, who was not asked by force",
        path,
        now.holder());
  }

  private void reach(String path) {
    Optional<Fabric.Reach> now = fabric.reach(path);
    if (now.isEmpty()) {
      reached.remove(path);
      return;
    }
    Fabric.Reach who = now.get();
    world.judge.require(
        who.epoch() >= granted.getOrDefault(path, 0L),
        Rule.SHUT_OUT,
        "%s is reached by %s with assignment %d, and %d is granted",
        path,
        who.server(),
        who.epoch(),
        granted.getOrDefault(path, 0L));
    world.judge.require(
        who.epoch() >= fabric.saidFloor(path),
        Rule.SHUT_OUT,
        "%s is reached by %s with assignment %d, and its appliance has said that %d is shut out",
        path,
        who.server(),
        who.epoch(),
        fabric.saidFloor(path));
    String owner = owners.get(path + " " + who.epoch());
    world.judge.require(
        who.server().equals(owner),
        Rule.ONE_SERVER,
        "%s is reached by %s with assignment %d, which is %s's",
        path,
        who.server(),
        who.epoch(),
        owner);
    if (!who.equals(reached.put(path, who))) {
      begins(path, who);
    }
    fabric.medium(path).reached();
  }

  private void begins(String path, Fabric.Reach who) {
    Long from = erasedFrom.get(path);
    if (from != null && who.epoch() > from) {
      world.judge.require(
          !fabric.medium(path).isWritten(),
          Rule.SANITISED_FIRST,
          "%s is reached by %s with a former server's data on it",
          path,
          who.server());
      erasedFrom.remove(path);
    }
  }

  /** What still keeps the fabric from being at rest; empty when nothing does. */
  String unrest() {
    ManagerNode manager = fabric.manager();
    if (!manager.isAlive()) {
      return "the manager does not run";
    }
    return manager.manager().engine().look(this::unrest);
  }

  private String unrest(View view) {
    for (Held<ChangeDocument> each : view.fabric().all(ChangeDocument.class).values()) {
      return "a change of profiles %s is under way".formatted(each.document().profiles());
    }
    for (int f = 0; f < fabric.shape.functions(); f++) {
      String path = fabric.shape.path(f);
      Optional<Held<AssignmentDocument>> held = view.fabric().assignment(path);
      Optional<Fabric.Reach> reach = fabric.reach(path);
      if (view.fabric().get(Paths.sanitise(path), SanitiseDocument.class).isPresent()) {
        return path + " is not sanitised";
      }
      if (held.isEmpty()) {
        if (reach.isPresent()) {
          return path + " is nobody's, and is reached by " + reach.get();
        }
      } else {
        AssignmentDocument now = held.get().document();
        Fabric.Reach shall = new Fabric.Reach(now.server(), now.epoch());
        if (now.phase() != Phase.ATTACHED || !reach.equals(Optional.of(shall))) {
          return "%s is %s by %s with %d, reached by %s: %s"
              .formatted(
                  path, now.phase(), now.holder(), now.epoch(), reach, view.waiting(held.get()));
        }
      }
    }
    return "";
  }
}
