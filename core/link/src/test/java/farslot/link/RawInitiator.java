package farslot.link;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The test speaks to a real acceptor, frame by frame, as an initiator does or should not. */
final class RawInitiator implements LinkListener, AttachHandler {
  static final long MS = 1_000_000;
  static final FunctionIdentity IDENTITY = new FunctionIdentity(1, 2, 3, 4, 5, 6, 7);
  final LinkAcceptor acceptor;
  final List<LinkEvent> events = new ArrayList<>();
  final List<AttachRequest> requests = new ArrayList<>();
  final List<Recorder> functions = new ArrayList<>();
  RailProtection protection = RailProtection.NONE;
  FakeRail rail;
  RailListener listener;
  long nowNs = 77_000 * MS;
  int session;
  long tokenHigh;
  long tokenLow;
  int seq = 1;
  int expected = 1;
  boolean reliable = true;
  int capabilities;
  int reorderFrames;
  int frameBytesMax = 16640;
  boolean answers = true;
  Credits grants = Credits.DEFAULT;

  RawInitiator(LinkConfig config) {
    acceptor = new LinkAcceptor(config, this, this, new SplittableRandom(3));
  }

  RawInitiator() {
    this(LinkConfig.of("appliance-1", 22));
  }

  @Override
  public void onEvent(LinkEvent event) {
    events.add(event);
  }

  boolean hasEvent(String part) {
    return events.stream().anyMatch(e -> e.words().contains(part));
  }

  @Override
  public void onAttach(AttachRequest request) {
    requests.add(request);
    if (answers) {
      Recorder function = new Recorder();
      functions.add(function);
      function.stream = request.accept(function, 9, grants, IDENTITY);
    }
  }

  FakeRail connect() {
    rail = new FakeRail();
    rail.protection = protection;
    rail.reliable = reliable;
    listener = acceptor.onRail(rail, nowNs);
    return rail;
  }

  /** Gives the acceptor bytes as one frame. */
  void say(byte[] frame) {
    byte[] bytes = reliable ? frame : Frames.withCrc(frame);
    listener.onFrame(MemorySegment.ofArray(bytes), 0, bytes.length, nowNs);
    acceptor.flush(nowNs);
  }

  void hello() {
    hello("server-1", 11);
  }

  void hello(String name, long instance) {
    helloOnly(name, instance);
    if (rail.closed == null) {
      confirm();
    }
  }

  /** Shows that WELCOME was heard. */
  void confirm() {
    byte[] ack = Frames.frame(Frames.ACK, 2, session, seq, expected);
    say(Frames.echoing(ack, rail.last().txTime()));
  }

  /** HELLO, and nothing after it. */
  void helloOnly(String name, long instance) {
    say(
        Frames.frame(
            Frames.HELLO,
            0,
            session,
            0,
            expected,
            Frames.helloBody(
                capabilities,
                reorderFrames,
                0,
                frameBytesMax,
                instance,
                tokenHigh,
                tokenLow,
                name)));
    if (rail.last().type() == Frames.WELCOME
        || rail.sent.stream().anyMatch(f -> f.type() == Frames.WELCOME)) {
      Frames.Frame welcome =
          rail.sent.stream().filter(f -> f.type() == Frames.WELCOME).findFirst().orElseThrow();
      session = welcome.session();
      java.nio.ByteBuffer body = java.nio.ByteBuffer.wrap(welcome.body());
      tokenHigh = body.getLong(32);
      tokenLow = body.getLong(40);
    }
  }

  /** A session over a fresh rail. */
  RawInitiator up() {
    connect();
    hello();
    return this;
  }

  /** A session with one function attached, in stream {@link #stream()}. */
  RawInitiator attached() {
    up();
    data(Frames.attach(1, 0, 64, 1024, "disk"));
    return this;
  }

  int stream() {
    return functions.getLast().stream.id();
  }

  /** The next DATA frame. */
  void data(byte[]... records) {
    say(Frames.frame(Frames.DATA, 0, session, seq++, expected, records));
  }

  /** Moves time in small steps and keeps the acceptor's timers. */
  void pass(long durationNs) {
    long end = nowNs + durationNs;
    while (nowNs < end) {
      nowNs = Math.min(end, Math.max(nowNs + 1, acceptor.deadlineNs()));
      if (nowNs >= acceptor.deadlineNs()) {
        acceptor.onTimer(nowNs);
      }
      acceptor.flush(nowNs);
    }
  }

  LinkSession live() {
    return acceptor.sessions().getFirst();
  }

  LinkCounters counters() {
    return live().counters();
  }
}
