package farslot.sim;

import farslot.link.LinkSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** All machines of a world, the network between them, and what becomes of processes. */
final class Cluster implements SessionWatch.Network {
  /** How long two ends need at most to find each other once the network is well. */
  static final long RESUME_NS =
      Shape.SILENCE_NS
          + Shape.HANDSHAKE_NS
          + Shape.REDIAL_MAX_NS
          + Route.CONNECT_TIMEOUT_NS
          + 200 * World.MS;

  final World world;
  final Shape shape;
  final List<Slot> slots = new ArrayList<>();
  private final SplittableRandom random;
  private final Mischief mischief;
  private final SessionWatch watch;
  private final Pair[][] pairs;
  private final Profile.Wish[][] wishes;
  private final InitiatorNode[] initiators;
  private final ApplianceNode[] appliances;
  private final Map<String, Long> troubledNs = new LinkedHashMap<>();

  /** Every process that there ever was: a session's memory lives until somebody ends it. */
  private final List<Node> everyone = new ArrayList<>();

  Cluster(World world, Shape shape, SplittableRandom random, Mischief mischief) {
    this.world = world;
    this.shape = shape;
    this.random = random;
    this.mischief = mischief;
    watch = new SessionWatch(world, this, RESUME_NS);
    initiators = new InitiatorNode[shape.initiators()];
    appliances = new ApplianceNode[shape.appliances()];
    pairs = new Pair[initiators.length][appliances.length];
    wishes = new Profile.Wish[initiators.length][shape.functions()];
    for (int f = 0; f < shape.functions(); f++) {
      slots.add(new Slot(world, f));
    }
    for (int i = 0; i < initiators.length; i++) {
      for (int a = 0; a < appliances.length; a++) {
        pairs[i][a] = new Pair(world, "i" + i + "-a" + a, shape, random.split(), mischief);
      }
      for (int f = 0; f < shape.functions(); f++) {
        wishes[i][f] = new Profile.Wish(slots.get(f));
      }
    }
    for (int a = 0; a < appliances.length; a++) {
      startAppliance(a);
    }
    for (int i = 0; i < initiators.length; i++) {
      startInitiator(i);
    }
    new Pace(world, this);
  }

  // Processes.

  void startAppliance(int a) {
    Map<String, Slot> own = new LinkedHashMap<>();
    for (int f = a; f < slots.size(); f += appliances.length) {
      own.put(slots.get(f).name, slots.get(f));
    }
    appliances[a] = new ApplianceNode(world, "a" + a, shape, own, random.split(), watch, mischief);
    everyone.add(appliances[a]);
  }

  void startInitiator(int i) {
    Profile profile =
        new Profile() {
          @Override
          public Wish wish(int function) {
            return wishes[i][function];
          }

          @Override
          public Pair pair(int appliance) {
            return pairs[i][appliance];
          }

          @Override
          public Node appliance(int appliance) {
            return appliances[appliance];
          }
        };
    initiators[i] =
        new InitiatorNode(world, "i" + i, shape, profile, random.split(), watch, mischief);
    everyone.add(initiators[i]);
    initiators[i].start();
  }

  /** The process that runs on a machine now, or ran there last. */
  InitiatorNode initiator(int i) {
    return initiators[i];
  }

  ApplianceNode appliance(int a) {
    return appliances[a];
  }

  Pair pair(int i, int a) {
    return pairs[i][a];
  }

  Profile.Wish wish(int i, int function) {
    return wishes[i][function];
  }

  int applianceOf(int function) {
    return function % appliances.length;
  }

  /** Ends a process in the middle of what it does. */
  void kill(Node node, boolean tell) {
    node.die();
    troubled(node);
    for (Pair[] row : pairs) {
      for (Pair pair : row) {
        pair.died(node, tell);
      }
    }
    for (int a = 0; a < appliances.length; a++) {
      for (int f = a; appliances[a] == node && f < slots.size(); f += appliances.length) {
        slots.get(f).crashed(mischief.keepsEpochs());
      }
    }
  }

  /** After the last judgement: gives back the memory of all, dead or alive. */
  void endOfTheWorld() {
    for (Node node : everyone) {
      switch (node) {
        case InitiatorNode initiator -> initiator.close();
        case ApplianceNode appliance -> appliance.close();
        default -> throw new IllegalStateException();
      }
    }
  }

  /** Something was wrong with a node until now. */
  void troubled(Node node) {
    troubledNs.put(node.name, world.nowNs());
  }

  void resume(Node node, boolean timersFirst) {
    troubled(node);
    node.resume(timersFirst);
    for (Pair[] row : pairs) {
      for (Pair pair : row) {
        pair.pump();
      }
    }
  }

  /** The operator wants an initiator to use a way to an appliance, or to leave it; never all. */
  void wantRail(int i, int a, int way, boolean wanted) {
    Pair pair = pairs[i][a];
    if (pair.isWanted(way) != wanted && (wanted || pair.wantedCount() > 1)) {
      pair.want(way, wanted);
      initiators[i].turn(() -> initiators[i].wantRail(a, way, wanted));
    }
  }

  /** A way that was well for so long and is in no session, or null. */
  Route missingRail(int i, int a, long forNs) {
    return initiators[i]
        .link(a)
        .session()
        .map(session -> pairs[i][a].missing(session.id(), nodesWellNs(i, a), forNs))
        .orElse(null);
  }

  /** Whether a session that both ends have has no rail, and there was a way for so long. */
  boolean isLost(int i, int a, long forNs) {
    Pair pair = pairs[i][a];
    long sinceNs = Math.max(nodesWellNs(i, a), pair.wellSinceNs());
    return initiators[i]
        .link(a)
        .session()
        .filter(session -> peerHas(initiators[i], session))
        .filter(s -> Math.max(sinceNs, pair.lostNs(s.id())) <= world.nowNs() - forNs)
        .isPresent();
  }

  // What SessionWatch asks.

  @Override
  public long wellSinceNs(String oneNode, String otherNode) {
    boolean initiatorFirst = oneNode.startsWith("i");
    String initiator = initiatorFirst ? oneNode : otherNode;
    String appliance = initiatorFirst ? otherNode : oneNode;
    int i = Integer.parseInt(initiator.substring(1));
    int a = Integer.parseInt(appliance.substring(1));
    return Math.max(pairs[i][a].wellSinceNs(), nodesWellNs(i, a));
  }

  /**
   * Since when both processes of a pair have been well; {@link Long#MAX_VALUE} while one is not.
   */
  long nodesWellNs(int i, int a) {
    return Math.max(wellSinceNs(initiators[i]), wellSinceNs(appliances[a]));
  }

  private long wellSinceNs(Node node) {
    boolean ill = node.isPaused() || !node.isAlive();
    return ill ? Long.MAX_VALUE : troubledNs.getOrDefault(node.name, 0L);
  }

  @Override
  public boolean peerHas(Node node, LinkSession session) {
    String peer = session.peer().nodeName();
    if (node instanceof ApplianceNode) {
      InitiatorNode other = initiators[Integer.parseInt(peer.substring(1))];
      int a = Integer.parseInt(node.name.substring(1));
      return other.isAlive()
          && other.link(a).session().filter(s -> s.id() == session.id()).isPresent();
    }
    ApplianceNode other = appliances[Integer.parseInt(peer.substring(1))];
    return other.isAlive()
        && other.acceptor().sessions().stream().anyMatch(s -> s.id() == session.id());
  }
}
