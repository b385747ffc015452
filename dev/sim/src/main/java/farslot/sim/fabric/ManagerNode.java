package farslot.sim.fabric;

import farslot.api.ApiException;
import farslot.api.ApiRequest;
import farslot.api.Caller;
import farslot.api.agent.AgentKind;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.manager.engine.EngineOptions;
import farslot.manager.engine.Manager;
import farslot.manager.engine.ManagerOptions;
import farslot.manager.engine.Part;
import farslot.manager.profiles.Profiles;
import farslot.sim.Rule;
import farslot.sim.World;
import farslot.store.Capacity;
import farslot.store.StateStore;
import farslot.store.StoreDamagedException;
import farslot.store.StoreException;
import farslot.store.crash.CrashDisk;
import farslot.store.file.FileStateStore;
import farslot.store.file.FileStoreOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** The manager's process, one life after the other, on one disk. */
final class ManagerNode {
  private static final long STEP_NS = 100 * World.MS;
  private static final long TICK_NS = 250 * World.MS;
  private static final int STEPS_MAX = 64;
  private static final long POLL_NS = 25_000 * World.MS;

  /** So small that snapshots are made, too. */
  private static final long LOG_BYTES = 64 << 10;

  private static final Duration TTL = Duration.ofSeconds(10);

  /** Somebody who waits for other orders than those that it has seen. */
  private record Poller(
      AgentKind kind, String name, long seen, long untilNs, Consumer<Orders> reply) {}

  private final World world;
  private final SplittableRandom random;
  private final FabricMischief mischief;
  private final CrashDisk disk;
  private final List<Poller> pollers = new ArrayList<>();
  private final List<Runnable> onDeath = new ArrayList<>();
  private Manager manager;
  private FileStateStore store;
  private int life;
  private long clockOffsetNs;
  private long stoppedAtNs;
  private boolean stopped;
  private boolean stepDue;

  /** The highest revision that anybody could have seen. */
  private long published;

  ManagerNode(World world, SplittableRandom random, FabricMischief mischief) {
    this.world = world;
    this.random = random;
    this.mischief = mischief;
    disk = new CrashDisk(java.util.Random.from(random.split()));
  }

  CrashDisk disk() {
    return disk;
  }

  boolean isAlive() {
    return manager != null;
  }

  Manager manager() {
    return manager;
  }

  // Its clocks.

  private long clockNs() {
    return stopped ? stoppedAtNs : world.nowNs() + clockOffsetNs;
  }

  private long clockMs() {
    return 1_800_000_000_000L + clockNs() / World.MS;
  }

  void jump(long ns) {
    clockOffsetNs += ns;
  }

  void stopClock() {
    stoppedAtNs = clockNs();
    stopped = true;
  }

  /** Goes on where it stood still, or with what it is elsewhere. */
  void startClock(boolean where) {
    if (stopped && where) {
      clockOffsetNs = stoppedAtNs - world.nowNs();
    }
    stopped = false;
  }

  // Lives.

  void start() {
    RandomGenerator ids = random.split();
    try {
      FileStoreOptions options =
          new FileStoreOptions(
              Capacity.DEFAULT,
              LOG_BYTES,
              this::clockNs,
              () -> new UUID(ids.nextLong(), ids.nextLong()),
              Quiet.LOG);
      store = FileStateStore.open(mischief.disk(disk), options);
      StateStore seen = mischief.store(store);
      manager =
          new Manager(
              seen,
              new ManagerOptions(new EngineOptions(TTL, 256), this::clockNs, this::clockMs, "sim"),
              parts());
    } catch (StoreDamagedException e) {
      world.judge.fail(Rule.CHANGE_KEPT, "the manager's store cannot be read: " + e.getMessage());
      return;
    } catch (StoreException e) {
      // Nothing can be begun on a full disk; what is there must be readable always.
      world.trace.say("m", "cannot begin: " + e.getMessage());
      int now = life;
      world.after(500 * World.MS, () -> startAgain(now));
      return;
    }
    life++;
    world.trace.say("m", "begins its life " + life + " at revision " + revision());
    world.judge.require(
        revision() >= published,
        Rule.CHANGE_KEPT,
        "the manager's store is at revision %d, and had been seen at %d",
        revision(),
        published);
    stepSoon();
    beat(life);
    tick(life);
  }

  private List<Part> parts() {
    List<Part> all = new ArrayList<>(mischief.parts());
    all.add(new Profiles());
    return all;
  }

  private void startAgain(int of) {
    if (life == of && manager == null) {
      disk.restart();
      start();
    }
  }

  long revision() {
    try {
      return store.revision();
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether this is more than anybody has seen so far. */
  boolean publish() {
    long now = revision();
    boolean more = now > published;
    published = Math.max(now, published);
    return more;
  }

  /**
   * Ends it in the middle of whatever it did.
   *
   * @param powerCut whether the disk forgets what was not synced
   */
  void crash(boolean powerCut) {
    if (manager != null) {
      world.trace.say("m", powerCut ? "loses its power" : "is killed");
      manager = null;
      pollers.clear();
      List<Runnable> left = List.copyOf(onDeath);
      onDeath.clear();
      left.forEach(Runnable::run);
    }
    if (powerCut) {
      disk.powerUp();
    } else {
      disk.restart();
    }
  }

  /** Told once when this life ends. */
  void onDeath(Runnable task) {
    onDeath.add(task);
  }

  void forgetOnDeath(Runnable task) {
    onDeath.remove(task);
  }

  private void tick(int of) {
    world.after(
        TICK_NS,
        () -> {
          if (life == of && isAlive()) {
            try {
              store.tick();
            } catch (StoreException e) {
              world.trace.say("m", "leases cannot end now");
            }
            stepSoon();
            tick(of);
          }
        });
  }

  /** As often as nothing else makes it look. */
  private void beat(int of) {
    world.after(
        STEP_NS,
        () -> {
          if (life == of && isAlive()) {
            step(of);
            beat(of);
          }
        });
  }

  /** Something has happened: it looks soon. */
  private void stepSoon() {
    if (!stepDue) {
      stepDue = true;
      int of = life;
      world.after(
          random.nextInt(2_000) * World.US,
          () -> {
            stepDue = false;
            step(of);
          });
    }
  }

  private void step(int of) {
    if (life != of || !isAlive()) {
      return;
    }
    try {
      for (int i = 0; i < STEPS_MAX && manager.engine().step(manager.options().now()); i++) {
        // Each may make others due.
      }
    } catch (StoreException e) {
      world.trace.say("m", "cannot record a step");
    }
    answerPollers();
  }

  // What it is asked.

  /** An agent's report; its orders. */
  Orders report(Report report) throws ApiException, IOException, InterruptedException {
    Orders orders = manager.port().report(report);
    stepSoon();
    return orders;
  }

  /** Answers when there are other orders than those seen, or after a while. */
  void await(AgentKind kind, String name, long seen, Consumer<Orders> reply)
      throws ApiException, IOException, InterruptedException {
    Orders now = manager.port().await(kind, name, seen, Duration.ZERO);
    if (now.revision() != seen) {
      reply.accept(now);
    } else {
      pollers.add(new Poller(kind, name, seen, world.nowNs() + POLL_NS, reply));
    }
  }

  private void answerPollers() {
    for (Poller each : List.copyOf(pollers)) {
      Orders now = manager.engine().orders(each.kind, each.name);
      if (now.revision() != each.seen || world.nowNs() >= each.untilNs) {
        pollers.remove(each);
        each.reply.accept(now);
      }
    }
  }

  /** What a person asks for; answered in words. */
  JsonNode ask(String method, String path, JsonNode body) throws ApiException {
    try {
      JsonNode answer =
          manager.api().handle(new ApiRequest(method, path, Map.of(), body, Caller.LOCAL)).body();
      stepSoon();
      return answer;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
