package farslot.link;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The test speaks to a real initiator, frame by frame, as an acceptor does or should not. */
final class RawAcceptor implements LinkListener, Dialer {
  static final long MS = 1_000_000;
  static final int SESSION = 0xABCD0001;
  final LinkInitiator initiator;
  final List<LinkEvent> events = new ArrayList<>();
  RailProtection protection = RailProtection.NONE;
  FakeRail rail;
  RailListener listener;
  Caller caller;
  boolean dialled;
  boolean reliable = true;
  long nowNs = 55_000 * MS;
  int session = SESSION;
  int seq = 1;
  int expected = 1;
  int instance = 22;
  int capabilities;
  int reorderFrames;
  int frameBytesMax = 16640;
  final List<Recorder> functions = new ArrayList<>();

  RawAcceptor() {
    initiator =
        new LinkInitiator(LinkConfig.of("server-1", 11), this, this, new SplittableRandom(4));
    initiator.start(nowNs);
  }

  @Override
  public void onEvent(LinkEvent event) {
    events.add(event);
  }

  boolean hasEvent(String part) {
    return events.stream().anyMatch(e -> e.words().contains(part));
  }

  @Override
  public void dial(Caller caller) {
    this.caller = caller;
    dialled = true;
  }

  @Override
  public void abandon() {
    dialled = false;
  }

  @Override
  public String describe() {
    return "raw acceptor";
  }

  /** Lets the rail come up that was dialled; returns the HELLO that the initiator says. */
  Frames.Frame connect() {
    if (!dialled) {
      throw new AssertionError("not dialled");
    }
    dialled = false;
    rail = new FakeRail();
    rail.protection = protection;
    rail.reliable = reliable;
    listener = caller.onRail(rail, nowNs);
    return rail.sent.getFirst();
  }

  void say(byte[] frame) {
    byte[] bytes = reliable ? frame : Frames.withCrc(frame);
    listener.onFrame(MemorySegment.ofArray(bytes), 0, bytes.length, nowNs);
    initiator.flush(nowNs);
  }

  void welcome() {
    say(welcome(rail.sent.getFirst().txTime()));
  }

  /** WELCOME to the HELLO of that time. */
  byte[] welcome(int helloTime) {
    int echo = 2;
    byte[] body =
        Frames.helloBody(
            capabilities, reorderFrames, 0, frameBytesMax, instance, 111, 222, "appliance-1");
    byte[] frame = Frames.frame(Frames.WELCOME, echo, session, 0, expected, body);
    java.nio.ByteBuffer.wrap(frame).putInt(28, helloTime);
    return frame;
  }

  RawAcceptor up() {
    connect();
    welcome();
    return this;
  }

  void data(byte[]... records) {
    say(Frames.frame(Frames.DATA, 0, session, seq++, expected, records));
  }

  /** Says that everything that was sent has come, until nothing more is sent. */
  void acknowledgeAll() {
    int before;
    do {
      before = expected;
      expected = 1 + (int) rail.sent.stream().filter(f -> f.type() == Frames.DATA).count();
      say(Frames.frame(Frames.ACK, 0, session, seq, expected));
    } while (expected != before);
  }

  void refuse(int code, String text) {
    byte[] words = text.getBytes();
    byte[] body = java.util.Arrays.copyOf(new byte[0], 4 + (words.length + 3) / 4 * 4);
    java.nio.ByteBuffer.wrap(body).putShort((short) code).putShort((short) words.length).put(words);
    say(Frames.frame(Frames.REFUSE, 0, session, 0, 0, body));
  }

  /** Moves time and keeps the initiator's timers; stops when it dials. */
  void pass(long durationNs) {
    long end = nowNs + durationNs;
    while (nowNs < end && !dialled) {
      nowNs = Math.min(end, Math.max(nowNs + 1, initiator.deadlineNs()));
      if (nowNs >= initiator.deadlineNs()) {
        initiator.onTimer(nowNs);
      }
      initiator.flush(nowNs);
    }
  }

  /** A session with a function attached in stream 3 with epoch 9. */
  Recorder attached(int headers, int data) {
    up();
    Recorder function = new Recorder();
    functions.add(function);
    initiator.attach("disk", 0, Credits.DEFAULT, function, function);
    initiator.flush(nowNs);
    data(Frames.attached(1, 3, 9, headers, data));
    return function;
  }

  LinkSession live() {
    return initiator.session().orElseThrow();
  }
}
