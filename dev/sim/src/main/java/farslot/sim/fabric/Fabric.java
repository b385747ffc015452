package farslot.sim.fabric;

import farslot.link.LinkStream;
import farslot.sim.World;
import farslot.store.crash.CrashDisk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/** All that a simulated fabric has, and what becomes of its processes. */
final class Fabric {
  /** Who reaches a function: a server, by an assignment. */
  record Reach(String server, long epoch) {}

  final World world;
  final FabricShape shape;
  private final SplittableRandom random;
  private final FabricMischief mischief;
  private final ManagerNode manager;
  private final Map<String, ApplianceNode> appliances = new LinkedHashMap<>();
  private final Map<String, ServerNode> servers = new LinkedHashMap<>();
  private final Map<String, Way> ways = new HashMap<>();
  private final Map<String, CrashDisk> disks = new HashMap<>();
  private final Map<String, Map<String, SimGuest>> guests = new HashMap<>();

  /** By path. */
  private final Map<String, Medium> media = new LinkedHashMap<>();

  private final Map<String, Long> floors = new HashMap<>();
  private final Map<String, Long> cutUntilNs = new HashMap<>();
  private final Map<String, Long> pulledUntilNs = new HashMap<>();

  /** Whose buffers have to be given back. */
  private final List<AgentNode> dead = new ArrayList<>();

  Fabric(World world, FabricShape shape, SplittableRandom random, FabricMischief mischief) {
    this.world = world;
    this.shape = shape;
    this.random = random;
    this.mischief = mischief;
    manager = new ManagerNode(world, random.split(), mischief);
    for (int f = 0; f < shape.functions(); f++) {
      media.put(shape.path(f), new Medium());
    }
  }

  void begin() {
    manager.start();
    for (int a = 0; a < shape.appliances(); a++) {
      prepare("a" + a);
      startAppliance("a" + a);
    }
    for (int s = 0; s < shape.servers(); s++) {
      String name = FabricShape.server(s);
      prepare(name);
      Map<String, SimGuest> own = new LinkedHashMap<>();
      for (int g = 0; g < shape.guests(); g++) {
        own.put(shape.guest(g), new SimGuest());
      }
      guests.put(name, own);
      startServer(name);
    }
  }

  private void prepare(String agent) {
    ways.put(agent, new Way(world, random.split()));
    disks.put(agent, new CrashDisk(Random.from(random.split())));
  }

  ManagerNode manager() {
    return manager;
  }

  Way way(String agent) {
    return ways.get(agent);
  }

  List<String> appliances() {
    List<String> all = new ArrayList<>();
    for (int a = 0; a < shape.appliances(); a++) {
      all.add("a" + a);
    }
    return all;
  }

  ApplianceNode appliance(String name) {
    return appliances.get(name);
  }

  ServerNode server(String name) {
    return servers.get(name);
  }

  Map<String, SimGuest> guests(String server) {
    return guests.get(server);
  }

  Medium medium(String path) {
    return media.get(path);
  }

  /** The highest epoch that an appliance has said to be shut out up to, in all its lives. */
  long saidFloor(String path) {
    return floors.getOrDefault(path, 0L);
  }

  // Lives.

  private void startAppliance(String name) {
    Map<String, Medium> own = new LinkedHashMap<>();
    media.forEach(
        (path, medium) -> {
          if (path.startsWith(name + "/")) {
            own.put(path.substring(name.length() + 1), medium);
          }
        });
    ApplianceNode node =
        new ApplianceNode(
            world,
            name,
            random.split(),
            manager,
            ways.get(name),
            disks.get(name),
            own,
            floors,
            mischief);
    appliances.put(name, node);
    node.attend();
  }

  private void startServer(String name) {
    ServerNode node =
        new ServerNode(
            world,
            name,
            random.split(),
            manager,
            ways.get(name),
            disks.get(name),
            guests.get(name),
            this,
            mischief);
    servers.put(name, node);
    node.attend();
    node.begin();
  }

  /** Ends a process in the middle of whatever it did, and begins it anew after a while. */
  void crash(String agent, boolean powerCut, long forNs) {
    AgentNode node = appliances.containsKey(agent) ? appliance(agent) : server(agent);
    if (node.isAlive()) {
      world.trace.say(agent, powerCut ? "loses its power" : "is killed");
      node.die();
      dead.add(node);
      servers.values().stream()
          .flatMap(each -> each.cables().stream())
          .filter(cable -> cable.leadsTo(node))
          .forEach(Cable::hangUp);
      if (node instanceof ServerNode server) {
        guests.get(agent).values().forEach(guest -> guest.lost(server));
      }
      if (powerCut) {
        disks.get(agent).powerUp();
      } else {
        disks.get(agent).restart();
      }
      world.after(forNs, () -> startAgain(agent));
    }
  }

  private void startAgain(String agent) {
    world.trace.say(agent, "begins anew");
    if (appliances.containsKey(agent)) {
      startAppliance(agent);
    } else {
      startServer(agent);
    }
  }

  /** After the last judgement: gives back the memory of all, dead or alive. */
  void endOfTheWorld() {
    dead.addAll(appliances.values());
    dead.addAll(servers.values());
    for (AgentNode node : dead) {
      switch (node) {
        case ApplianceNode appliance -> appliance.close();
        case ServerNode server -> server.close();
        default -> throw new IllegalStateException();
      }
    }
  }

  // What is in the way.

  void cut(String server, String appliance, long forNs) {
    cutUntilNs.merge(server + "-" + appliance, world.nowNs() + forNs, Math::max);
    server(server).cables().stream()
        .filter(cable -> cable.describe().equals(appliance))
        .forEach(Cable::hangUp);
  }

  boolean isCut(String server, String appliance) {
    return world.nowNs() < cutUntilNs.getOrDefault(server + "-" + appliance, 0L);
  }

  /** A card goes and comes back; it does not go twice. */
  void pull(String path, long forNs) {
    int slash = path.indexOf('/');
    String name = path.substring(0, slash);
    String function = path.substring(slash + 1);
    ApplianceNode node = appliance(name);
    if (!node.isAlive() || world.nowNs() < pulledUntilNs.getOrDefault(path, 0L)) {
      return;
    }
    pulledUntilNs.put(path, world.nowNs() + forNs);
    node.pull(function);
    world.after(forNs, () -> node.putBack(function));
  }

  // What is.

  /** Who reaches a function at this moment. */
  Optional<Reach> reach(String path) {
    int slash = path.indexOf('/');
    ApplianceNode node = appliance(path.substring(0, slash));
    if (node == null || !node.isAlive()) {
      return Optional.empty();
    }
    return node.lending().stream(path.substring(slash + 1))
        .filter(LinkStream::isUp)
        .flatMap(stream -> other(path, stream));
  }

  private Optional<Reach> other(String path, LinkStream stream) {
    ServerNode node = server(stream.session().peer().nodeName());
    SimHolding holding = node != null && node.isAlive() ? node.holding(path) : null;
    boolean joined =
        holding != null
            && holding.stream() != null
            && holding.stream().isUp()
            && holding.stream().epoch() == stream.epoch();
    return joined ? Optional.of(new Reach(node.name, holding.order().epoch())) : Optional.empty();
  }
}
