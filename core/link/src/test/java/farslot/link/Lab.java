package farslot.link;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An initiator, an appliance and the wires between them in one thread and virtual time. Every test
 * says its seed when it fails.
 */
final class Lab {
  static final long MS = 1_000_000;

  /** After this long TCP gives up. */
  private static final long CONNECT_NS = 3_000 * MS;

  private static final int TURNS_MAX = 10_000;
  final SplittableRandom random;
  final List<String> events = new ArrayList<>();
  final List<MemoryWire> wires = new ArrayList<>();
  final LinkConfig initiatorConfig;
  final LinkConfig acceptorConfig;
  final LinkInitiator initiator;
  LinkAcceptor acceptor;
  AttachHandler handler = request -> request.refuse(AttachRefusal.NO_SUCH_FUNCTION, "", "no");
  boolean reliable = true;
  boolean unreachable;
  final List<LabPath> paths = new ArrayList<>();
  int wireFrames = 64;
  int frameBytesMax;
  long delayNs = 20_000;
  long jitterNs;
  int lossPpm;
  int duplicatePpm;
  int corruptPpm;
  long nowNs = 1_000_000_000_000L;

  Lab(long seed, LinkConfig initiatorConfig, LinkConfig acceptorConfig) {
    this(seed, initiatorConfig, acceptorConfig, 1);
  }

  Lab(long seed, LinkConfig initiatorConfig, LinkConfig acceptorConfig, int pathCount) {
    this.initiatorConfig = initiatorConfig;
    this.acceptorConfig = acceptorConfig;
    random = new SplittableRandom(seed);
    frameBytesMax = initiatorConfig.sizes().frameBytesMax();
    for (int i = 0; i < pathCount; i++) {
      newPath();
    }
    initiator =
        new LinkInitiator(initiatorConfig, List.copyOf(paths), e -> note("i", e), random.split());
    acceptor = newAcceptor();
  }

  Lab(long seed) {
    this(seed, LinkConfig.of("server-1", 11), LinkConfig.of("appliance-1", 22));
  }

  LinkAcceptor newAcceptor() {
    return new LinkAcceptor(
        acceptorConfig, r -> handler.onAttach(r), e -> note("a", e), random.split());
  }

  private void note(String who, LinkEvent event) {
    events.add(nowNs / MS % 1_000_000 + " " + who + " " + event.words());
  }

  boolean hasEvent(String part) {
    return events.stream().anyMatch(e -> e.contains(part));
  }

  /** One more way to the appliance; the initiator has to be told of it. */
  LabPath newPath() {
    LabPath path = new LabPath("path " + paths.size());
    paths.add(path);
    return path;
  }

  /** A way to the appliance, over one wire after another. */
  final class LabPath implements Dialer {
    private final String name;
    private Caller caller;
    private long dueNs;
    private boolean lost;
    MemoryWire wire;

    /** Refused at once; or nothing is heard of attempts, nor of what goes over its wire. */
    boolean unplugged;

    boolean dark;
    int frameBytesMax = Lab.this.frameBytesMax;
    int dials;

    LabPath(String name) {
      this.name = name;
    }

    @Override
    public void dial(Caller caller) {
      this.caller = caller;
      dials++;
      lost = dark;
      dueNs = lost ? nowNs + CONNECT_NS : nowNs;
    }

    @Override
    public void abandon() {
      caller = null;
    }

    @Override
    public int frameBytesMax() {
      return frameBytesMax;
    }

    @Override
    public String describe() {
      return name;
    }

    /** Frames and attempts are lost without a word from now on. */
    void darken() {
      dark = true;
      wire.blackhole();
    }

    /** They pass again. */
    void lighten() {
      dark = false;
      wire.faults(lossPpm, duplicatePpm, corruptPpm);
    }

    /** When something comes of an attempt. */
    long dueNs() {
      return caller == null ? Long.MAX_VALUE : dueNs;
    }

    void connect() {
      Caller asked = caller;
      caller = null;
      if (lost) {
        asked.onDialFailed("timed out", nowNs);
      } else if (unplugged || unreachable) {
        asked.onDialFailed("connection refused", nowNs);
      } else {
        wire = join(name, frameBytesMax, asked);
      }
    }
  }

  MemoryWire wire() {
    return wires.getLast();
  }

  /** Joins two ends by a wire with the faults that are set. */
  private MemoryWire join(String name, int frameBytesMax, RailTaker from) {
    MemoryWire wire = new MemoryWire(name, reliable, frameBytesMax, wireFrames, random.split());
    wire.delay(delayNs, jitterNs);
    wire.faults(lossPpm, duplicatePpm, corruptPpm);
    wires.add(wire);
    wire.deliver(nowNs);
    RailListener far = acceptor.onRail(wire.far(), nowNs);
    wire.listen(from.onRail(wire.near(), nowNs), far);
    return wire;
  }

  /** One more rail for the session that is there, past the handshake. */
  MemoryWire addRail(int number) {
    MemoryWire wire =
        new MemoryWire("wire " + wires.size(), reliable, frameBytesMax, wireFrames, random.split());
    wire.delay(delayNs, jitterNs);
    wire.faults(lossPpm, duplicatePpm, corruptPpm);
    wires.add(wire);
    wire.deliver(nowNs);
    LinkSession near = session().orElseThrow();
    LinkSession far = acceptorSession();
    int nearExpects = near.expected();
    RailEnd nearEnd = new RailEnd(near, wire.near(), number, far.expected(), nowNs);
    wire.listen(nearEnd, new RailEnd(far, wire.far(), number, nearExpects, nowNs));
    return wire;
  }

  /** One end of a rail that was added. */
  static final class RailEnd implements RailListener {
    final LinkSession session;
    final SessionRail rail;

    RailEnd(LinkSession session, Rail rail, int number, int peerExpects, long nowNs) {
      this.session = session;
      this.rail = session.onRail(new RailClock(rail, nowNs), number, peerExpects, nowNs);
    }

    @Override
    public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
      session.onFrame(rail, segment, offset, frameBytes, nowNs);
    }

    @Override
    public void onMalformed(FrameError error, long nowNs) {
      session.onMalformed(rail, error, nowNs);
    }

    @Override
    public void onWritable(long nowNs) {
      session.onWritable(rail, nowNs);
    }

    @Override
    public void onDown(String cause, long nowNs) {
      session.onRailDown(rail, cause, nowNs);
    }
  }

  /** One turn of everybody at the next moment at which something happens, or at {@code limitNs}. */
  void turn(long limitNs) {
    long next = Math.min(limitNs, Math.min(initiator.deadlineNs(), acceptor.deadlineNs()));
    for (MemoryWire wire : wires) {
      next = Math.min(next, wire.nextNs());
    }
    for (LabPath path : paths) {
      next = Math.min(next, path.dueNs());
    }
    nowNs = Math.max(nowNs, next);
    for (LabPath path : List.copyOf(paths)) {
      if (path.dueNs() <= nowNs) {
        path.connect();
      }
    }
    for (MemoryWire wire : List.copyOf(wires)) {
      wire.deliver(nowNs);
    }
    wires.removeIf(wire -> wire.isDead() && wires.size() > 1);
    if (nowNs >= initiator.deadlineNs()) {
      initiator.onTimer(nowNs);
    }
    if (nowNs >= acceptor.deadlineNs()) {
      acceptor.onTimer(nowNs);
    }
    initiator.flush(nowNs);
    acceptor.flush(nowNs);
  }

  void run(long durationNs) {
    long end = nowNs + durationNs;
    long before = nowNs;
    int idle = 0;
    while (nowNs < end) {
      turn(end);
      idle = nowNs == before ? idle + 1 : 0;
      before = nowNs;
      if (idle > TURNS_MAX) {
        throw new AssertionError("time stands still: " + this);
      }
    }
  }

  LinkSession up() {
    initiator.start(nowNs);
    run(5 * MS);
    return session().orElseThrow(() -> new AssertionError("no session: " + events));
  }

  Optional<LinkSession> session() {
    return initiator.session();
  }

  @Override
  public String toString() {
    return "now %d, initiator %d, acceptor %d, wires %s, events %s"
        .formatted(
            nowNs,
            initiator.deadlineNs() - nowNs,
            acceptor.deadlineNs() - nowNs,
            wires.stream().map(w -> w.nextNs() - nowNs).toList(),
            events.subList(Math.max(0, events.size() - 20), events.size()));
  }

  LinkSession acceptorSession() {
    return acceptor.sessions().getFirst();
  }
}
