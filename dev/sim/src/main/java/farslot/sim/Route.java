package farslot.sim;

import farslot.link.Dialer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The way through the network between one initiator and one appliance: makes wires, and carries the
 * faults that befall them. Faults may overlap; each ends by itself.
 */
final class Route {
  static final long CONNECT_TIMEOUT_NS = 300 * World.MS;
  private static final int LATEST_MAX = 32;
  final World world;
  final String name;
  final boolean reliable;
  final int frameBytesMax;

  /** Frames under way in one direction at most. */
  final int framesMax;

  private final long delayNs;
  private final int jitterUs;
  private final SplittableRandom random;
  private final Mischief mischief;
  private final WireWatch watch;
  private final Noise noise;
  private final List<WireEnd> wires = new ArrayList<>();
  private final List<List<byte[]>> latest = List.of(new ArrayList<>(), new ArrayList<>());

  /** How many faults keep frames from passing: up, down. */
  private final int[] cuts = new int[2];

  private int noises;
  private long wellSinceNs;

  Route(
      World world,
      String name,
      Shape shape,
      SplittableRandom random,
      Mischief mischief,
      WireWatch watch) {
    this.world = world;
    this.name = name;
    this.random = random;
    this.mischief = mischief;
    this.watch = watch;
    reliable = random.nextInt(100) < shape.reliablePercent();
    frameBytesMax = shape.frameBytesMax();
    framesMax = reliable ? 4 << random.nextInt(6) : 512;
    delayNs = (5 + random.nextInt(300)) * World.US;
    jitterUs = 1 + random.nextInt(reliable ? 100 : 10);
    noise = new Noise(random.split(), text -> world.trace.say(name, text));
  }

  Noise noise() {
    return noise;
  }

  long flightNs() {
    return delayNs + random.nextInt(jitterUs) * World.US;
  }

  /** Whether nothing passes now, up to the appliance or down from it. */
  boolean isCut(boolean up) {
    return cuts[up ? 1 : 0] > 0;
  }

  /** Since when there has been no fault here; {@link Long#MAX_VALUE} while there is one. */
  long wellSinceNs() {
    return cuts[0] + cuts[1] + noises > 0 ? Long.MAX_VALUE : wellSinceNs;
  }

  /** An end sends a frame. */
  void send(WireEnd from, byte[] frame, Consumer<byte[]> onward) {
    watch.onFrame(from.node.name, from.up(), frame);
    mischief.onFrame(from, frame, onward);
  }

  void trace(WireEnd from, byte[] frame) {
    world.trace.count(Frames.seq(frame), frame.length);
    if (world.trace.isSpoken()) {
      world.trace.say(name, (from.up() ? "> " : "< ") + Frames.words(frame));
    }
    List<byte[]> known = latest.get(from.up() ? 1 : 0);
    if (known.size() == LATEST_MAX) {
      known.remove(random.nextInt(LATEST_MAX));
    }
    known.add(frame);
  }

  // Connecting.

  /** Begins to connect {@code caller} in {@code from} with {@code to}, which may be dead. */
  void dial(Node from, Dialer.Caller caller, Node to) {
    wires.removeIf(WireEnd::isDead);
    if (!reliable) {
      // There is nothing to connect: the other end learns of it by the first frame.
      world.after(World.US, () -> join(from, caller, to));
    } else if (isCut(true) || isCut(false)) {
      fail(from, caller, "timed out", CONNECT_TIMEOUT_NS);
    } else if (!to.isAlive()) {
      fail(from, caller, "connection refused", 2 * flightNs());
    } else {
      world.after(2 * flightNs(), () -> to.accept(join(from, caller, to)));
    }
  }

  private WireEnd join(Node from, Dialer.Caller caller, Node to) {
    WireEnd near = new WireEnd(this, from, true);
    WireEnd far = new WireEnd(this, to, false);
    near.join(far);
    wires.add(near);
    from.turn(() -> near.listen(caller.onRail(near, from.nowNs())));
    return far;
  }

  private void fail(Node from, Dialer.Caller caller, String cause, long delayNs) {
    world.after(delayNs, () -> from.turn(() -> caller.onDialFailed(cause, from.nowNs())));
  }

  // Faults.

  /** All connections break, each at some frame. */
  void breakAll() {
    wellSinceNs = world.nowNs();
    for (WireEnd near : wires) {
      if (reliable && !near.isBroken()) {
        breakOff(near, true);
        breakOff(near.peer(), true);
      }
    }
  }

  private void breakOff(WireEnd end, boolean tell) {
    int kept = random.nextInt(end.underWay() + 1);
    end.breakOff(kept, tell, random.nextInt(5000) * World.US);
  }

  /** Nothing passes for so long; what TCP has taken arrives later, what Ethernet has does not. */
  void cut(boolean up, boolean down, long durationNs) {
    count(up, down, 1);
    world.after(
        durationNs,
        () -> {
          count(up, down, -1);
          wellSinceNs = world.nowNs();
          pump();
        });
  }

  private void count(boolean up, boolean down, int by) {
    cuts[1] += up ? by : 0;
    cuts[0] += down ? by : 0;
  }

  void noise(int lost, int doubled, int damaged, int delayed, long durationNs) {
    noises++;
    noise.set(lost, doubled, damaged, delayed);
    world.after(
        durationNs,
        () -> {
          if (--noises == 0) {
            noise.set(0, 0, 0, 0);
          }
          wellSinceNs = world.nowNs();
        });
  }

  /** Frames of some time ago arrive once more. */
  void echo(int count) {
    for (WireEnd near : wires) {
      if (!reliable && near.isHeard() && near.peer().isHeard()) {
        for (int i = 0; i < count; i++) {
          echo(random.nextBoolean() ? near : near.peer());
        }
      }
    }
  }

  private void echo(WireEnd from) {
    List<byte[]> known = latest.get(from.up() ? 1 : 0);
    if (!known.isEmpty()) {
      from.inject(known.get(random.nextInt(known.size())));
    }
  }

  /**
   * A node dies, and its connections with it.
   *
   * @param tell whether the other ends learn of it; not when the power went
   */
  void died(Node node, boolean tell) {
    wellSinceNs = world.nowNs();
    for (WireEnd near : wires) {
      WireEnd end = near.node == node ? near : near.peer();
      if (end.node == node && reliable && !end.isBroken()) {
        breakOff(end, tell);
        breakOff(end.peer(), false);
      }
    }
  }

  /** A node takes what has come for it meanwhile, or a cut is over. */
  void pump() {
    for (WireEnd near : List.copyOf(wires)) {
      near.pump();
      near.peer().pump();
    }
  }
}
