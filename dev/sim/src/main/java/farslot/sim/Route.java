package farslot.sim;

import farslot.link.Dialer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A way through the network between an initiator and an appliance, one of several perhaps: makes
 * wires, and carries the faults that befall them. Faults may overlap; each ends by itself.
 */
final class Route {
  static final long CONNECT_TIMEOUT_NS = 300 * World.MS;
  private static final int LATEST_MAX = 32;
  final World world;
  final String name;
  final RouteKind kind;
  private final int capabilities;
  private final SplittableRandom random;
  private final Mischief mischief;
  private final WireWatch watch;
  private final Noise noise;
  private final List<WireEnd> wires = new ArrayList<>();
  private final List<List<byte[]>> latest = List.of(new ArrayList<>(), new ArrayList<>());
  private final List<byte[]> hellos = new ArrayList<>();

  /** Until when what was sent keeps it busy: down, up. */
  private final long[] busyNs = new long[2];

  /** How many faults keep frames from passing: down, up. */
  private final int[] cuts = new int[2];

  private int noises;
  private long wellSinceNs;

  Route(
      World world,
      String name,
      RouteKind kind,
      int capabilities,
      SplittableRandom random,
      Mischief mischief,
      WireWatch watch) {
    this.world = world;
    this.name = name;
    this.kind = kind;
    this.capabilities = capabilities;
    this.random = random;
    this.mischief = mischief;
    this.watch = watch;
    noise = new Noise(kind.lost(), kind.doubled(), random.split(), text -> say(text));
    say(kind.toString());
  }

  private void say(String text) {
    world.trace.say(name, text);
  }

  Noise noise() {
    return noise;
  }

  /** The wires that are or were here, the initiators' ends; those that are dead may be missing. */
  List<WireEnd> wires() {
    return wires;
  }

  /** How long one frame takes now that has set out. */
  long flightNs() {
    return kind.delayNs() + random.nextInt(kind.jitterUs()) * World.US;
  }

  /** Whether the queue has no room. */
  boolean isQueueFull(boolean up) {
    return queueEndNs(up) - world.nowNs() > kind.queueNs();
  }

  /** When the queue will have become empty. */
  long queueEndNs(boolean up) {
    return busyNs[up ? 1 : 0];
  }

  /**
   * A frame takes its place in the queue.
   *
   * @return when its last bit has left, or -1 when the queue is full
   */
  long leavesNs(boolean up, int bytes) {
    int way = up ? 1 : 0;
    long beginNs = Math.max(busyNs[way], world.nowNs());
    if (!kind.reliable() && isQueueFull(up)) {
      return -1;
    }
    busyNs[way] = beginNs + kind.wireNs(bytes);
    return busyNs[way];
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
    Frames.capabilities(frame, capabilities);
    watch.onFrame(from, frame);
    mischief.onFrame(from, frame, onward);
  }

  /** A frame arrives at an end that runs. */
  byte[] arrives(WireEnd from, byte[] frame) {
    byte[] arriving = mischief.onArrival(from, frame);
    watch.onArrival(from, arriving);
    return arriving;
  }

  void trace(WireEnd from, byte[] frame) {
    world.trace.count(Frames.seq(frame), frame.length);
    if (world.trace.isSpoken()) {
      say((from.up() ? "> " : "< ") + Frames.words(frame));
    }
    List<byte[]> known = latest.get(from.up() ? 1 : 0);
    if (known.size() == LATEST_MAX) {
      known.remove(random.nextInt(LATEST_MAX));
    }
    known.add(frame);
    if (Frames.type(frame) == Frames.HELLO && hellos.size() < LATEST_MAX) {
      hellos.add(frame);
    }
  }

  // Connecting.

  /**
   * Begins to connect {@code caller} in {@code from} with {@code to}, which may be dead.
   *
   * @param wanted whether the attempt has not been given up meanwhile
   */
  void dial(Node from, Node to, Dialer.Caller caller, BooleanSupplier wanted) {
    wires.removeIf(WireEnd::isDead);
    if (!mischief.dials(this)) {
      return;
    }
    if (!kind.reliable()) {
      // There is nothing to connect: the other end learns of it by the first frame.
      world.after(World.US, () -> join(from, to, caller, wanted));
    } else if (isCut(true) || isCut(false)) {
      fail(from, caller, wanted, "timed out", CONNECT_TIMEOUT_NS);
    } else if (!to.isAlive()) {
      fail(from, caller, wanted, "connection refused", 2 * flightNs());
    } else {
      world.after(2 * flightNs(), () -> to.accept(join(from, to, caller, wanted)));
    }
  }

  private WireEnd join(Node from, Node to, Dialer.Caller caller, BooleanSupplier wanted) {
    WireEnd near = new WireEnd(this, from, true);
    WireEnd far = new WireEnd(this, to, false);
    near.join(far);
    wires.add(near);
    from.turn(() -> announce(near, caller, wanted));
    return far;
  }

  /** The attempt may be given up while the connection is being made. */
  private void announce(WireEnd near, Dialer.Caller caller, BooleanSupplier wanted) {
    if (wanted.getAsBoolean()) {
      near.listen(caller.onRail(near, near.node.nowNs()));
    } else {
      near.close("nobody waits for it any more");
    }
  }

  private void fail(
      Node from, Dialer.Caller caller, BooleanSupplier wanted, String cause, long delayNs) {
    Runnable tell =
        () -> {
          if (wanted.getAsBoolean()) {
            caller.onDialFailed(cause, from.nowNs());
          }
        };
    world.after(delayNs, () -> from.turn(tell));
  }

  // Faults.

  /** The operator has changed something here. */
  void touch() {
    wellSinceNs = world.nowNs();
  }

  /** All connections break, each at some frame. */
  void breakAll() {
    wellSinceNs = world.nowNs();
    for (WireEnd near : wires) {
      if (kind.reliable() && !near.isBroken()) {
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

  /** Frames of some time ago arrive once more, and one that asks for a rail. */
  void echo(int count) {
    if (kind.reliable()) {
      return;
    }
    for (WireEnd near : List.copyOf(wires)) {
      if (near.isHeard() && near.peer().isHeard()) {
        for (int i = 0; i < count; i++) {
          echo(random.nextBoolean() ? near : near.peer());
        }
      }
    }
    if (!hellos.isEmpty() && !wires.isEmpty()) {
      haunt(wires.getLast(), hellos.get(random.nextInt(hellos.size())));
    }
  }

  /** A HELLO of some time ago comes to where the other end listens, and its sender is no more. */
  private void haunt(WireEnd like, byte[] hello) {
    WireEnd near = new WireEnd(this, like.node, true);
    WireEnd far = new WireEnd(this, like.peer().node, false);
    near.join(far);
    wires.add(near);
    say("again " + Frames.words(hello));
    near.haunt(hello);
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
      if (end.node == node && kind.reliable() && !end.isBroken()) {
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

  @Override
  public String toString() {
    return name;
  }
}
