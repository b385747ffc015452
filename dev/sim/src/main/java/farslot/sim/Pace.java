package farslot.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * Looks again and again whether sessions move on that can: frames wait for their acknowledgement,
 * and at least one rail has been well for a while, whatever has befallen the others.
 */
final class Pace {
  /** How long a session may stand still while a rail is well that has been well all the time. */
  private static final long STILL_NS_MAX = 100 * World.MS;

  /** After so long it must have found out that a rail is well again, or that its peer is. */
  private static final long RETURN_NS_MAX = 200 * World.MS;

  /** How long a rail that is well may be missing in a session that runs. */
  private static final long MISSING_NS_MAX = 3 * Cluster.RESUME_NS;

  /** How long two ends may take to find each other, once there is a way. */
  private static final long FIND_NS_MAX = 600 * World.MS;

  private static final long LOOK_NS = 10 * World.MS;
  private final World world;
  private final Map<Integer, Flow> flows = new HashMap<>();
  private final Cluster cluster;

  Pace(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
    world.after(LOOK_NS, this::look);
  }

  private void look() {
    for (int i = 0; i < cluster.shape.initiators(); i++) {
      for (int a = 0; a < cluster.shape.appliances(); a++) {
        look(cluster.pair(i, a), cluster.nodesWellNs(i, a));
        lookAtStreams(i, a);
        Route missing = cluster.missingRail(i, a, MISSING_NS_MAX);
        world.judge.require(
            missing == null, Rule.RAIL_RETURNS, "i%d has no rail on %s", i, missing);
        // Paths that take turns may all have to be tried before the one that works.
        long findNs = cluster.shape.hasRails() ? FIND_NS_MAX : MISSING_NS_MAX;
        world.judge.require(
            !cluster.isLost(i, a, findNs), Rule.SESSION_RESUMES, "i%d-a%d: no rail", i, a);
      }
    }
    world.after(LOOK_NS, this::look);
  }

  private void look(Pair pair, long nodesWellNs) {
    for (Route route : pair.routes) {
      long routeWellNs = Math.max(nodesWellNs, route.wellSinceNs());
      if (routeWellNs > world.nowNs()) {
        continue;
      }
      for (WireEnd wire : route.wires()) {
        int session = wire.session();
        if (session != 0) {
          long sinceNs = Math.max(routeWellNs, wire.joinedNs());
          look(pair, route, session, true, sinceNs);
          look(pair, route, session, false, sinceNs);
        }
      }
    }
  }

  private void look(Pair pair, Route well, int session, boolean up, long sinceNs) {
    WireWatch watch = pair.watch;
    if (watch.isOutstanding(session, up)) {
      long movedNs = watch.movedNs(session, up);
      long mostNs = movedNs > sinceNs ? STILL_NS_MAX : RETURN_NS_MAX;
      long stillNs = world.nowNs() - Math.max(sinceNs, movedNs);
      world.judge.require(
          stillNs <= mostNs + well.kind.fullNs(),
          Rule.PROGRESS,
          "%s stands still for %d ms, and %s is well. %s",
          pair.name,
          stillNs / World.MS,
          well.name,
          watch.words(session, up));
    }
  }

  private void lookAtStreams(int i, int a) {
    for (int f = a; f < cluster.shape.functions(); f += cluster.shape.appliances()) {
      boolean joined =
          cluster.initiator(i).tenancy(f).tenant() instanceof Driver driver
              && cluster.slots.get(f).holder() instanceof Card card
              && !driver.isOver()
              && !card.isOver()
              && driver.stream().epoch() == card.stream().epoch();
      if (joined) {
        Driver driver = (Driver) cluster.initiator(i).tenancy(f).tenant();
        Card card = (Card) cluster.slots.get(f).holder();
        look(i, a, 2 * f, driver, card);
        look(i, a, 2 * f + 1, card, driver);
      }
    }
  }

  private void look(int i, int a, int way, Party from, Party to) {
    Flow flow = flows.get(way);
    if (flow == null || !flow.joins(from, to)) {
      flow = new Flow(from, to);
      flows.put(way, flow);
    }
    long stillNs = world.nowNs() - Math.max(usableNs(i, a), flow.movedNs(world.nowNs()));
    world.judge.require(
        stillNs <= RETURN_NS_MAX,
        Rule.PROGRESS,
        "%s: what was sent has not come for %d ms",
        flow,
        stillNs / World.MS);
  }

  /** Since when there is a rail that must serve, its whole queue gone by. */
  private long usableNs(int i, int a) {
    long usableNs = Long.MAX_VALUE;
    for (Route route : cluster.pair(i, a).routes) {
      long wellNs = Math.max(cluster.nodesWellNs(i, a), route.wellSinceNs());
      for (WireEnd wire : route.wires()) {
        if (wire.session() != 0 && wellNs <= world.nowNs()) {
          long sinceNs = Math.max(wellNs, wire.joinedNs()) + route.kind.fullNs();
          usableNs = Math.min(usableNs, sinceNs);
        }
      }
    }
    return usableNs;
  }
}
