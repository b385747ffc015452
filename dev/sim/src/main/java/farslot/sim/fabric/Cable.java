package farslot.sim.fabric;

import farslot.link.Dialer;
import farslot.link.FrameError;
import farslot.link.LinkConfig;
import farslot.link.LinkSizes;
import farslot.link.LinkTimers;
import farslot.link.MemoryWire;
import farslot.link.RailListener;
import farslot.sim.Node;
import farslot.sim.World;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * The way from a server to an appliance: one wire after another. What it does to frames is well.
 */
final class Cable implements Dialer {
  private static final long DELAY_NS = 200 * World.US;
  private static final int FRAME_BYTES_MAX = 4096;
  private static final int FRAMES = 16;
  private static final int REPLAY_BYTES = 1 << 18;
  private static final long HOLD_NS = 3_000 * World.MS;

  private final World world;
  private final ServerNode server;
  private final Fabric fabric;
  private final String appliance;
  private final SplittableRandom random;
  private Caller caller;
  private MemoryWire wire;
  private ApplianceNode joined;
  private long armedNs = Long.MAX_VALUE;

  Cable(World world, ServerNode server, Fabric fabric, String appliance, SplittableRandom random) {
    this.world = world;
    this.server = server;
    this.fabric = fabric;
    this.appliance = appliance;
    this.random = random;
  }

  /** Both ends': sessions that end soon, and buffers that are small. */
  static LinkConfig config(String name, long instanceId) {
    LinkSizes sizes =
        LinkSizes.USUAL.withFrameBytesMax(FRAME_BYTES_MAX).withReplayBytes(REPLAY_BYTES);
    LinkTimers timers =
        new LinkTimers(
            HOLD_NS,
            500 * World.MS,
            2_000 * World.MS,
            500 * World.MS,
            World.MS,
            50 * World.MS,
            500 * World.MS);
    return LinkConfig.of(name, instanceId).with(sizes).with(timers);
  }

  @Override
  public void dial(Caller who) {
    caller = who;
    world.after(DELAY_NS, () -> answer(who));
  }

  @Override
  public void abandon() {
    caller = null;
  }

  @Override
  public int frameBytesMax() {
    return FRAME_BYTES_MAX;
  }

  @Override
  public String describe() {
    return appliance;
  }

  private void answer(Caller who) {
    if (caller != who || !server.isAlive()) {
      return;
    }
    caller = null;
    ApplianceNode there = fabric.appliance(appliance);
    if (fabric.isCut(server.name, appliance) || !there.isAlive()) {
      server.turn(() -> who.onDialFailed("connection refused", world.nowNs()));
      return;
    }
    hangUp();
    wire = new MemoryWire(server.name, true, FRAME_BYTES_MAX, FRAMES, random.split());
    wire.delay(DELAY_NS, 0);
    joined = there;
    MemoryWire mine = wire;
    mine.deliver(world.nowNs());
    Held far = new Held(there);
    Held near = new Held(server);
    mine.listen(near, far);
    there.turn(() -> far.to = there.acceptor().onRail(mine.far(), world.nowNs()));
    server.turn(() -> near.to = who.onRail(mine.near(), world.nowNs()));
  }

  /** One of the two has sent something, or has gone. */
  void look() {
    if (wire == null) {
      return;
    }
    long nextNs = wire.nextNs();
    if (nextNs < armedNs) {
      armedNs = Math.max(nextNs, world.nowNs());
      world.at(armedNs, this::deliver);
    }
  }

  private void deliver() {
    if (world.nowNs() < armedNs) {
      return;
    }
    armedNs = Long.MAX_VALUE;
    if (wire != null) {
      wire.deliver(world.nowNs());
      joined.turn(() -> {});
      server.turn(() -> {});
      look();
    }
  }

  /** The connection breaks; both ends hear of it. */
  void hangUp() {
    if (wire != null) {
      wire.cut();
      look();
      if (armedNs > world.nowNs()) {
        armedNs = world.nowNs();
        world.at(armedNs, this::deliver);
      }
    }
  }

  boolean leadsTo(Node node) {
    return node == joined || node == server;
  }

  /** Whom a wire tells what comes; a dead process hears nothing. */
  private final class Held implements RailListener {
    private final Node node;
    private RailListener to;

    Held(Node node) {
      this.node = node;
    }

    @Override
    public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
      if (node.isAlive() && to != null) {
        to.onFrame(segment, offset, frameBytes, nowNs);
      }
    }

    @Override
    public void onMalformed(FrameError error, long nowNs) {
      if (node.isAlive() && to != null) {
        to.onMalformed(error, nowNs);
      }
    }

    @Override
    public void onWritable(long nowNs) {
      if (node.isAlive() && to != null) {
        to.onWritable(nowNs);
      }
    }

    @Override
    public void onDown(String cause, long nowNs) {
      if (node.isAlive() && to != null) {
        to.onDown(cause, nowNs);
      }
    }
  }
}
