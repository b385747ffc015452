package farslot.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An initiator, an appliance, and all ways between the two: which of them the initiator is
 * configured to use, and what may be expected of a session in view of how well they are.
 */
final class Pair {
  final String name;
  final List<Route> routes = new ArrayList<>();
  final WireWatch watch;
  private final World world;
  private final boolean hasRails;
  private int lostSession;
  private long lostNs = Long.MAX_VALUE;
  private final boolean[] wanted;

  Pair(World world, String name, Shape shape, SplittableRandom random, Mischief mischief) {
    this.world = world;
    this.name = name;
    watch = new WireWatch(world);
    hasRails = shape.hasRails();
    wanted = new boolean[shape.routes()];
    for (int way = 0; way < shape.routes(); way++) {
      boolean reliable = random.nextInt(100) < shape.reliablePercent();
      RouteKind kind = RouteKind.of(random, reliable, shape.frameBytesMax(way));
      routes.add(
          new Route(
              world,
              name + "/" + way,
              kind,
              shape.capabilities(),
              random.split(),
              mischief,
              watch));
      wanted[way] = way < shape.rails();
    }
  }

  /** Whether the initiator is configured to use this way. */
  boolean isWanted(int way) {
    return wanted[way];
  }

  void want(int way, boolean now) {
    wanted[way] = now;
    routes.get(way).touch();
  }

  /** Ways that the initiator is configured to use. */
  int wantedCount() {
    int count = 0;
    for (boolean one : wanted) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** A route that all frames of the largest size fit through, in use if the operator says so. */
  private boolean counts(int way) {
    return wanted[way]
        && routes.get(way).kind.frameBytesMax() >= routes.getFirst().kind.frameBytesMax();
  }

  /**
   * Since when there has been a way without a fault; {@link Long#MAX_VALUE} while there is none.
   */
  long wellSinceNs() {
    long since = Long.MAX_VALUE;
    for (int way = 0; way < wanted.length; way++) {
      since = counts(way) ? Math.min(since, routes.get(way).wellSinceNs()) : since;
    }
    return since;
  }

  /**
   * A way that is well for so long and not part of the session, or null.
   *
   * @param nodesWellNs since when both ends have been well
   */
  Route missing(int sessionId, long nodesWellNs, long forNs) {
    if (!hasRails) {
      return null;
    }
    for (int way = 0; way < wanted.length; way++) {
      Route route = routes.get(way);
      long sinceNs = Math.max(nodesWellNs, route.wellSinceNs());
      boolean due = counts(way) && sinceNs <= world.nowNs() - forNs;
      if (due && route.wires().stream().noneMatch(wire -> wire.carries(sessionId))) {
        return route;
      }
    }
    return null;
  }

  /** Looks whether some rail is in this session at both ends; says since when there is none. */
  long lostNs(int sessionId) {
    boolean carried =
        routes.stream()
            .anyMatch(route -> route.wires().stream().anyMatch(wire -> wire.carries(sessionId)));
    boolean anew = carried || sessionId != lostSession;
    lostSession = sessionId;
    lostNs = carried ? Long.MAX_VALUE : anew ? world.nowNs() : Math.min(lostNs, world.nowNs());
    return lostNs;
  }

  void died(Node node, boolean tell) {
    routes.forEach(route -> route.died(node, tell));
  }

  void pump() {
    routes.forEach(Route::pump);
  }
}
