package farslot.sim.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.sim.World;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ObjectNode;

/** Does what the steps of a plan say. */
final class FabricDeeds {
  private static final long YEAR_NS = 365L * 86_400 * 1_000 * World.MS;
  private static final String[] SANITISE = {"none", "none", "identity", "format"};

  private static final String PROFILES = "/api/v1/profiles/";
  private static final int PROFILES_MAX = 2;

  private final World world;
  private final Fabric fabric;
  private final SplittableRandom random;

  FabricDeeds(World world, Fabric fabric, SplittableRandom random) {
    this.world = world;
    this.fabric = fabric;
    this.random = random;
  }

  void perform(FabricStep step) {
    world.trace.say("sim", step.toString());
    String path = fabric.shape.path(step.function());
    String appliance = fabric.shape.appliance(step.function());
    String server = FabricShape.server(step.server());
    boolean even = step.amount() % 2 == 0;
    switch (step.deed()) {
      case ATTACH -> {
        ObjectNode body = place(step);
        body.set("sanitise", Json.tree(sanitise(step)));
        ask(path, "attach", body);
      }
      case DETACH, DETACH_BY_FORCE ->
          ask(path, "detach", how(Json.object(), step, FabricDeed.DETACH_BY_FORCE));
      case MOVE, MOVE_BY_FORCE ->
          ask(path, "move", how(place(step), step, FabricDeed.MOVE_BY_FORCE));
      case APPLY_PROFILE ->
          post("/api/v1/apply", Json.object().put("yaml", profile(step)).put("force", even));
      case MOVE_PROFILE ->
          post(PROFILES + name(step) + "/move", place(step).put("force", step.amount() % 4 == 0));
      case DETACH_PROFILE ->
          post(
              PROFILES + name(step) + "/detach",
              Json.object().put("force", step.amount() % 4 == 0));
      case REBOOT_GUEST -> reboot(server, step);
      case OPEN_SOCKET -> {
        fabric.server(server).socket(path, true);
        world.after(step.amount() * 30 * World.MS, () -> fabric.server(server).socket(path, false));
      }
      case STUBBORN_GUEST -> {
        fabric.guests(server).values().forEach(guest -> guest.stubborn(true));
        world.at(
            step.endNs(),
            () -> fabric.guests(server).values().forEach(guest -> guest.stubborn(false)));
      }
      case PULL_CARD -> fabric.pull(path, step.durationNs());
      case CRASH_MANAGER -> crashManager(step);
      case CRASH_APPLIANCE -> fabric.crash(appliance, even, step.durationNs());
      case CRASH_SERVER -> fabric.crash(server, even, step.durationNs());
      case SILENCE -> fabric.way(even ? appliance : server).silence(step.endNs());
      case NOISE -> fabric.way(even ? appliance : server).noise(step.endNs());
      case CUT -> fabric.cut(server, appliance, step.durationNs());
      case CLOCK_JUMP -> {
        long ns = random.nextLong(even ? YEAR_NS : 60_000 * World.MS);
        fabric.manager().jump(step.amount() % 4 == 0 ? -ns : ns);
      }
      case CLOCK_STOP -> {
        fabric.manager().stopClock();
        world.at(step.endNs(), () -> fabric.manager().startClock(even));
      }
      case DISK_FULL -> {
        fabric.manager().disk().full();
        world.at(step.endNs(), () -> fabric.manager().disk().capacity(Long.MAX_VALUE));
      }
    }
  }

  private ObjectNode place(FabricStep step) {
    return Json.object()
        .put("server", FabricShape.server(step.server()))
        .put("guest", fabric.shape.guest(step.guest()));
  }

  private static String sanitise(FabricStep step) {
    return SANITISE[step.amount() % SANITISE.length];
  }

  private static ObjectNode how(ObjectNode body, FabricStep step, FabricDeed byForce) {
    body.put("force", step.deed() == byForce);
    if (step.amount() % 3 == 0) {
      body.put("timeout", "5s");
    }
    if (step.amount() % 5 == 0) {
      body.put("sanitise", sanitise(step));
    }
    return body;
  }

  private static String name(FabricStep step) {
    return "p" + step.amount() % PROFILES_MAX;
  }

  /** Of one or two slots; half of them move by themselves when their server dies. */
  private String profile(FabricStep step) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("kind: Pool\nname: all\ncard: sim\n---\nkind: Profile\nname: ").append(name(step));
    yaml.append("\nserver: ").append(FabricShape.server(step.server())).append('\n');
    String guest = fabric.shape.guest(step.guest());
    if (!guest.isEmpty()) {
      yaml.append("guest: ").append(guest).append('\n');
    }
    if (step.amount() % 2 == 0 && fabric.shape.servers() > 1) {
      String other = FabricShape.server((step.server() + 1) % fabric.shape.servers());
      yaml.append(
          "on-server-death: move\nmove-after-seconds: 5\ncandidates: [%s]\n".formatted(other));
    }
    yaml.append("slots:\n");
    int slots = 1 + step.amount() % Math.min(2, fabric.shape.functions());
    for (int slot = 0; slot < slots; slot++) {
      yaml.append("  - {name: s%d, pool: all}\n".formatted(slot));
    }
    return yaml.toString();
  }

  private void ask(String path, String what, ObjectNode body) {
    post("/api/v1/functions/" + path + "/" + what, body);
  }

  private void post(String path, ObjectNode body) {
    if (!fabric.manager().isAlive()) {
      world.trace.say("sim", "nobody answers");
      return;
    }
    try {
      fabric.manager().ask("POST", path, body);
      world.trace.say("sim", path + " is taken on");
    } catch (ApiException e) {
      world.trace.say("sim", path + " is refused: " + e.getMessage());
    }
  }

  private SimGuest guest(String server, FabricStep step) {
    return fabric.guests(server).get(fabric.shape.guest(step.guest() % fabric.shape.guests()));
  }

  private void reboot(String server, FabricStep step) {
    SimGuest guest = guest(server, step);
    if (guest.isRunning()) {
      String name = fabric.shape.guest(step.guest() % fabric.shape.guests());
      List<String> had = guest.stop();
      fabric.server(server).guestGone(name, had);
      world.after(step.amount() * 3 * World.MS, guest::start);
    }
  }

  private void crashManager(FabricStep step) {
    boolean powerCut = step.amount() % 2 == 0;
    if (fabric.manager().isAlive() && step.amount() % 3 != 0) {
      // In the middle of one of the next things that it does to its disk.
      fabric.manager().disk().cutAfter(1 + step.amount() % 40);
      world.at(step.endNs(), () -> restart(powerCut));
    } else {
      fabric.manager().crash(powerCut);
      world.at(step.endNs(), () -> restart(powerCut));
    }
  }

  private void restart(boolean powerCut) {
    if (fabric.manager().isAlive()) {
      fabric.manager().crash(powerCut);
    }
    fabric.manager().start();
  }
}
