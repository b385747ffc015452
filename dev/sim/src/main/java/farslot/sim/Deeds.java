package farslot.sim;

import farslot.link.Qos;
import java.util.List;
import java.util.function.Consumer;

/** Does what the steps of a plan say. */
final class Deeds {
  private static final long FLAP_NS = 20 * World.MS;
  private final World world;
  private final Cluster cluster;

  Deeds(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  void perform(Step step) {
    world.trace.say("sim", step.toString());
    int i = step.initiator();
    int t = step.target();
    switch (step.deed()) {
      case WANT, RELEASE -> want(i, t, step.deed() == Deed.WANT);
      case TAKE_AWAY -> {
        ApplianceNode appliance = cluster.appliance(cluster.applianceOf(t));
        appliance.turn(() -> appliance.takeAway(cluster.slots.get(t)));
      }
      case WRITE, READ, JOB, HOT_RESET -> withTenant(i, t, tenant -> tenant.work(step));
      case QOS -> qos(i, t, Policies.of(step));
      case ADD_RAIL, REMOVE_RAIL -> {
        int way = step.amount() % cluster.shape.routes();
        cluster.wantRail(i, t, way, step.deed() == Deed.ADD_RAIL);
      }
      case BREAK -> onRoutes(step, Route::breakAll);
      case FLAP -> onRoutes(step, route -> flap(route, step.endNs()));
      case PARTITION -> onRoutes(step, route -> route.cut(true, true, step.durationNs()));
      case HALF_CUT -> {
        boolean up = step.amount() % 2 == 0;
        onRoutes(step, route -> route.cut(up, !up, step.durationNs()));
      }
      case NOISE -> onRoutes(step, route -> noise(step, route));
      case ECHO -> onRoutes(step, route -> route.echo(step.amount()));
      case PAUSE_INITIATOR -> pause(cluster.initiator(i), step);
      case PAUSE_APPLIANCE -> pause(cluster.appliance(t), step);
      case CRASH_INITIATOR -> crash(cluster.initiator(i), step, () -> cluster.startInitiator(i));
      case CRASH_APPLIANCE -> crash(cluster.appliance(t), step, () -> cluster.startAppliance(t));
    }
  }

  private void want(int i, int function, boolean wanted) {
    cluster.wish(i, function).set(wanted);
    InitiatorNode node = cluster.initiator(i);
    node.turn(() -> node.tenancy(function).wishChanged());
  }

  private void withTenant(int i, int function, Consumer<Tenant> task) {
    InitiatorNode node = cluster.initiator(i);
    node.turn(
        () -> {
          Tenant tenant = node.tenancy(function).tenant();
          if (tenant != null) {
            task.accept(tenant);
          }
        });
  }

  private void qos(int i, int function, Qos qos) {
    withTenant(i, function, tenant -> tenant.stream().qos(qos));
    Holder holder = cluster.slots.get(function).holder();
    if (holder != null) {
      holder.node().turn(() -> holder.stream().qos(qos));
    }
  }

  private void flap(Route route, long untilNs) {
    route.breakAll();
    if (world.nowNs() + FLAP_NS < untilNs) {
      world.after(FLAP_NS, () -> flap(route, untilNs));
    }
  }

  private void onRoutes(Step step, Consumer<Route> task) {
    List<Route> routes = cluster.pair(step.initiator(), step.target()).routes;
    if (step.route() == Step.ALL_ROUTES) {
      routes.forEach(task);
    } else {
      task.accept(routes.get(step.route()));
    }
  }

  private static void noise(Step step, Route route) {
    int most = step.size();
    int kinds = step.amount();
    route.noise(
        (kinds & 1) != 0 ? most : 0,
        (kinds & 2) != 0 ? most : 0,
        (kinds & 4) != 0 ? most / 4 : 0,
        (kinds & 8) != 0 ? most : 0,
        step.durationNs());
  }

  private void pause(Node node, Step step) {
    if (node.isAlive() && !node.isPaused()) {
      node.pause();
      world.after(step.durationNs(), () -> cluster.resume(node, step.amount() % 2 == 0));
    }
  }

  private void crash(Node node, Step step, Runnable restart) {
    if (!node.isAlive()) {
      return;
    }
    int way = step.amount() % 3;
    if (way == 2) {
      switch (node) {
        case InitiatorNode initiator -> initiator.shutDown();
        case ApplianceNode appliance -> appliance.shutDown();
        default -> throw new IllegalStateException();
      }
    }
    cluster.kill(node, way != 1);
    world.after(
        step.durationNs(),
        () -> {
          cluster.troubled(node);
          restart.run();
        });
  }
}
