package farslot.sim;

import farslot.link.Rail;
import farslot.link.RailListener;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One end of a wire, as a rail: what its node sends goes to the other end, with the faults that the
 * {@link Route} has at the moment. A reliable wire is like a TCP connection: in order and intact,
 * or broken; one of the other kind is like Ethernet: nobody is told anything.
 */
final class WireEnd implements Rail {
  final Route route;
  final Node node;
  private final boolean up;
  private final PriorityQueue<Parcel> underWay = new PriorityQueue<>();
  private WireEnd peer;
  private RailListener listener;
  private boolean open = true;
  private boolean broken;
  private boolean full;
  private long serial;
  private long lastArrivalNs;

  /**
   * @param up whether what is sent here goes to the appliance
   */
  WireEnd(Route route, Node node, boolean up) {
    this.route = route;
    this.node = node;
    this.up = up;
  }

  void join(WireEnd other) {
    peer = other;
    other.peer = this;
  }

  WireEnd peer() {
    return peer;
  }

  boolean up() {
    return up;
  }

  /** Who hears what comes out at this end; from then on it does. */
  void listen(RailListener to) {
    listener = to;
    route.world.after(0, peer::pump);
  }

  boolean isHeard() {
    return listener != null;
  }

  /** Whether it can still carry anything either way. */
  boolean isDead() {
    return underWay.isEmpty()
        && peer.underWay.isEmpty()
        && (broken || !open && !peer.open || !node.isAlive() && !peer.node.isAlive());
  }

  // Sending.

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    int taken = 0;
    while (taken < bytes && open && !broken) {
      int length = Frames.bytes(segment, offset + taken);
      if (underWay.size() >= route.framesMax && route.reliable) {
        full = true;
        break;
      }
      byte[] frame = segment.asSlice(offset + taken, length).toArray(ValueLayout.JAVA_BYTE);
      route.send(this, frame, this::put);
      taken += length;
    }
    return open && !broken ? taken : bytes;
  }

  private void put(byte[] frame) {
    route.trace(this, frame);
    if (route.reliable) {
      lastArrivalNs = Math.max(lastArrivalNs, route.world.nowNs() + route.flightNs());
      add(new Parcel(lastArrivalNs, serial++, frame, null));
    } else {
      route.noise().apply(frame, this::fly);
    }
  }

  /** A frame that the noise has let through sets out. */
  private void fly(byte[] frame, long extraNs) {
    // A network card drops what nobody fetches in time.
    if (!route.isCut(up) && underWay.size() < route.framesMax) {
      long arrivalNs = route.world.nowNs() + route.flightNs() + extraNs;
      add(new Parcel(arrivalNs, serial++, frame, null));
    }
  }

  /** Brings a frame that is none of the sender's now to the other end. */
  void inject(byte[] frame) {
    add(new Parcel(route.world.nowNs() + route.flightNs(), serial++, frame, null));
  }

  private void add(Parcel parcel) {
    underWay.add(parcel);
    route.world.at(parcel.arrivalNs(), this::pump);
  }

  // Arriving.

  /** Delivers what has arrived, if the other end takes it now. */
  void pump() {
    if (!peer.node.isAlive()) {
      underWay.clear();
    } else if (isDue() && !peer.node.isPaused() && !(route.reliable && route.isCut(up))) {
      if (peer.listener == null && !route.reliable) {
        peer.node.accept(peer);
      } else if (peer.listener != null) {
        peer.node.turn(this::deliver);
      }
    }
  }

  private boolean isDue() {
    return !underWay.isEmpty() && underWay.peek().arrivalNs() <= route.world.nowNs();
  }

  private void deliver() {
    while (isDue()) {
      Parcel parcel = underWay.remove();
      if (parcel.isEnd()) {
        peer.end(parcel.cause());
      } else if (peer.open) {
        MemorySegment frame = MemorySegment.ofArray(parcel.frame());
        peer.listener.onFrame(frame, 0, parcel.frame().length, peer.node.nowNs());
      }
    }
    if (full && open && !broken) {
      full = false;
      route.world.after(0, () -> node.turn(this::tellWritable));
    }
  }

  private void tellWritable() {
    if (open && !broken) {
      listener.onWritable(node.nowNs());
    }
  }

  // The end.

  @Override
  public void close(String cause) {
    if (open) {
      open = false;
      route.world.trace.say(node.name, "closes " + describe() + ": " + cause);
      if (route.reliable && !broken) {
        addEnd("closed by the peer", 0);
      }
    }
  }

  private void addEnd(String cause, long delayNs) {
    long arrivalNs = Math.max(lastArrivalNs, route.world.nowNs() + route.flightNs() + delayNs);
    lastArrivalNs = arrivalNs;
    add(new Parcel(arrivalNs, serial++, null, cause));
  }

  private void end(String cause) {
    if (open) {
      open = false;
      route.world.trace.say(node.name, describe() + " ends: " + cause);
      listener.onDown(cause, node.nowNs());
    }
  }

  /**
   * The connection breaks: of what is under way to the other end, the first {@code kept} frames
   * still arrive; then, if {@code tell}, its owner learns of it.
   */
  void breakOff(int kept, boolean tell, long delayNs) {
    broken = true;
    List<Parcel> arriving = new ArrayList<>();
    while (!underWay.isEmpty() && arriving.size() < kept) {
      arriving.add(underWay.remove());
    }
    underWay.clear();
    underWay.addAll(arriving);
    if (tell) {
      addEnd("connection reset", delayNs);
    }
  }

  int underWay() {
    return underWay.size();
  }

  boolean isBroken() {
    return broken;
  }

  @Override
  public int frameBytesMax() {
    return route.frameBytesMax;
  }

  @Override
  public boolean reliable() {
    return route.reliable;
  }

  @Override
  public String describe() {
    return route.name;
  }
}
