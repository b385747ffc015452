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

  /** What a network has repeated here, where nobody is nor ever was; null at other ends. */
  private byte[] haunting;

  /** The session whose frames are sent here, 0 before the first, and since when. */
  private int session;

  private long sessionNs;

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

  /** Makes it an end that nobody is at: a HELLO of long ago comes from there. */
  void haunt(byte[] hello) {
    haunting = hello;
    open = false;
    inject(hello);
  }

  boolean isGhost() {
    return haunting != null;
  }

  byte[] haunting() {
    return haunting;
  }

  /** Whether both ends have it in this session, and can use it as far as they know. */
  boolean carries(int sessionId) {
    return isUsable() && peer.isUsable() && session == sessionId && peer.session == sessionId;
  }

  /** Whether its node can use it, as far as that knows. */
  boolean isUsable() {
    return open && !broken && node.isAlive();
  }

  /** The session that both ends use it in, or 0. */
  int session() {
    return carries(session) ? session : 0;
  }

  /** Since when both ends have used it in the session. */
  long joinedNs() {
    return Math.max(sessionNs, peer.sessionNs);
  }

  /** Whether it can still carry anything either way. */
  boolean isDead() {
    return underWay.isEmpty() && peer.underWay.isEmpty() && (broken || isLeft() && peer.isLeft());
  }

  private boolean isLeft() {
    return !open || !node.isAlive();
  }

  // Sending.

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    route.world.judge.require(
        open, Rule.RAIL_IS_GONE, "%s sends on %s, which has ended for it", node.name, describe());
    int taken = 0;
    while (taken < bytes && !isFull()) {
      int length = Frames.bytes(segment, offset + taken);
      byte[] frame = segment.asSlice(offset + taken, length).toArray(ValueLayout.JAVA_BYTE);
      says(frame);
      route.send(this, frame, this::put);
      taken += length;
    }
    if (taken < bytes) {
      full = true;
      if (!route.kind.reliable()) {
        route.world.at(route.queueEndNs(up), () -> node.turn(this::tellWritable));
      }
    }
    return taken;
  }

  private boolean isFull() {
    RouteKind kind = route.kind;
    return !isCutOff()
        && (kind.reliable()
            ? underWay.size() >= kind.framesMax()
            : kind.near() && route.isQueueFull(up));
  }

  /** Whether what is sent here vanishes: a connection is gone, and this end may not know. */
  private boolean isCutOff() {
    return !open || broken;
  }

  /** Who sends a frame of a session holds the rail to be part of it. */
  private void says(byte[] frame) {
    boolean inside = Frames.type(frame) == Frames.DATA || Frames.type(frame) == Frames.ACK;
    if (inside && session != Frames.session(frame)) {
      session = Frames.session(frame);
      sessionNs = route.world.nowNs();
      route.world.judge.require(
          !peer.isGhost(),
          Rule.RAIL_AGREED,
          "%s uses %s, which its peer has never had",
          node.name,
          describe());
    }
  }

  private void put(byte[] frame) {
    if (isCutOff()) {
      return;
    }
    route.trace(this, frame);
    if (route.kind.reliable()) {
      long leavesNs = route.leavesNs(up, frame.length);
      lastArrivalNs = Math.max(lastArrivalNs, leavesNs + route.flightNs());
      add(new Parcel(lastArrivalNs, serial++, frame, null));
    } else {
      route.noise().apply(frame, this::fly);
    }
  }

  /** A frame that the noise has let through sets out. */
  private void fly(byte[] frame, long extraNs) {
    // A network card drops what nobody fetches in time, a switch what finds its queue full.
    if (route.isCut(up) || underWay.size() >= route.kind.framesMax()) {
      return;
    }
    long leavesNs = route.leavesNs(up, frame.length);
    if (leavesNs >= 0) {
      add(new Parcel(leavesNs + route.flightNs() + extraNs, serial++, frame, null));
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
    } else if (isDue() && !peer.node.isPaused() && !(route.kind.reliable() && route.isCut(up))) {
      if (peer.isGhost()) {
        underWay.clear();
      } else if (peer.listener == null && !route.kind.reliable()) {
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
        byte[] bytes = route.arrives(this, parcel.frame());
        MemorySegment frame = MemorySegment.ofArray(bytes);
        peer.listener.onFrame(frame, 0, bytes.length, peer.node.nowNs());
      }
    }
    if (full && route.kind.reliable() && !isCutOff()) {
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
      if (route.kind.reliable() && !broken) {
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
    return route.kind.frameBytesMax();
  }

  @Override
  public boolean reliable() {
    return route.kind.reliable();
  }

  @Override
  public String describe() {
    return route.name;
  }
}
