package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The specification and the product say the same: frames in hex, requirements with their tests. */
class SpecificationTest {
  private static final long T0_NS = 0x01020304L << 4;
  private static final long T1_NS = T0_NS + 100_000;
  private static final int SESSION = 0xC0FFEE01;
  private static final long TOKEN_HIGH = 0x0001020304050607L;
  private static final long TOKEN_LOW = 0x08090A0B0C0D0E0FL;
  private static final LinkConfig INITIATOR = LinkConfig.of("server-1", 0x1122334455667788L);
  private static final LinkConfig APPLIANCE = LinkConfig.of("appliance-1", 0x99AABBCCDDEEFF00L);
  private static final FunctionIdentity IDENTITY =
      new FunctionIdentity(0x1B36, 0x0010, 0x010802, 0x02, 0x1AF4, 0x1100, 0x0102030405060708L);

  private static final Discover DISCOVER = new Discover(0x0123456789ABCDEFL, "appliance-1");
  private static final Offer OFFER =
      new Offer(
          0x0123456789ABCDEFL,
          0x99AABBCCDDEEFF00L,
          8996,
          "appliance-1",
          2,
          false,
          List.of("nvme0", "nic0"));

  private static final LinkSession.Owner NOBODY =
      new LinkSession.Owner() {
        @Override
        public void onRailLost(LinkSession session, SessionRail rail, String cause, long nowNs) {}

        @Override
        public void onRailSilent(LinkSession session, SessionRail rail, long nowNs) {}

        @Override
        public void onDown(LinkSession session, String cause, long nowNs) {}
      };

  /** What the product sends in the situations of the specification's last section. */
  private static Map<String, byte[]> frames() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    Hello hello = Hello.of(INITIATOR, 65532, 0, 0, 0);
    Hello welcome = Hello.of(APPLIANCE, 65532, 0, TOKEN_HIGH, TOKEN_LOW);
    FakeRail rail = new FakeRail();
    new Handshake().send(new RailClock(rail, T0_NS), FrameFormat.HELLO, 0, 1, hello, T0_NS);
    all.put("hello", rail.raw.getLast());
    RailClock heard = new RailClock(rail, T0_NS);
    heard.received(new FrameView().wrap(MemorySegment.ofArray(rail.raw.getLast()), 0), T0_NS);
    new Handshake().send(heard, FrameFormat.WELCOME, SESSION, 1, welcome, T1_NS);
    all.put("welcome", rail.raw.getLast());

    LinkSession initiator = session(true, INITIATOR, hello, welcome, rail);
    initiator
        .sender()
        .control(0, 0, new ControlRecord.Attach(1, 0, Credits.DEFAULT, "nvme0", "server-1"));
    initiator.flush(T1_NS);
    all.put("attach", rail.raw.getLast());
    LinkStream stream =
        new LinkStream(initiator, 1, "nvme0", 7, new Recorder(), Credits.DEFAULT, Credits.DEFAULT);
    long at = stream.claim(FlowClass.NON_POSTED, 12, 0);
    TlpEncoder.configRead0(stream.segment(), at, 0x0000, 5, 0x0100, 0, 4);
    stream.commit();
    at = stream.claim(FlowClass.POSTED, 16, 4);
    TlpEncoder.memoryWrite(stream.segment(), at, 0x0000, 0xFE001008L, 4);
    stream.segment().set(ValueLayout.JAVA_INT_UNALIGNED, at + 12, 1);
    stream.commit();
    initiator.flush(T1_NS);
    all.put("tlps", rail.raw.getLast());
    stream.hotReset();
    stream.detach("done");
    initiator.flush(T1_NS);
    all.put("reset-detach", rail.raw.getLast());
    initiator.close("going down", T1_NS);
    all.put("bye", rail.raw.getLast());

    LinkSession appliance = session(false, APPLIANCE, welcome, hello, rail);
    appliance.sender().control(1, 7, new ControlRecord.Attached(1, 7, Credits.DEFAULT, IDENTITY));
    appliance.flush(T1_NS);
    all.put("attached", rail.raw.getLast());
    appliance
        .sender()
        .control(
            0,
            0,
            new ControlRecord.Refused(2, AttachRefusal.HELD, "server-2", "held by 'server-2'"));
    appliance.flush(T1_NS);
    all.put("refused", rail.raw.getLast());
    LinkStream taken =
        new LinkStream(
            appliance,
            1,
            "nvme0",
            7,
            new Recorder(),
            Credits.DEFAULT,
            new Credits(8, 512, 8, 512, 0, 0));
    MemorySegment read = MemorySegment.ofArray(Frames.memoryRead());
    for (int i = 0; i < 2; i++) {
      taken.inbox().tlp(read, 0, 12, FlowCost.firstDw(read, 0, 12), true);
    }
    appliance.flush(T1_NS);
    all.put("credit", rail.raw.getLast());

    all.put("push", push(session(true, INITIATOR, hello, welcome, rail), rail));
    all.put("event", event(session(false, APPLIANCE, welcome, hello, rail), rail));

    FakeRail lossy = new FakeRail();
    lossy.reliable = false;
    byte[] ahead = Frames.withCrc(Frames.frame(Frames.DATA, 0, SESSION, 3, 1));
    LinkSession gap = session(true, INITIATOR, hello, old(welcome), new FakeRail());
    SessionRail over = gap.onRail(new RailClock(lossy, T1_NS), 0, 1, T1_NS);
    gap.onFrame(over, MemorySegment.ofArray(ahead), 0, ahead.length, T1_NS);
    gap.flush(T1_NS + 160);
    all.put("nak-with-crc", lossy.raw.getLast());
    gap = session(true, INITIATOR, hello, welcome, new FakeRail());
    over = gap.onRail(new RailClock(lossy, T1_NS), 1, 1, T1_NS);
    gap.onFrame(over, MemorySegment.ofArray(ahead), 0, ahead.length, T1_NS);
    gap.flush(T1_NS + 160);
    all.put("sack-with-crc", lossy.raw.getLast());

    new Handshake()
        .refuse(
            new RailClock(rail, T1_NS), 0, RefuseCode.VERSION, "this end speaks version 1", T1_NS);
    all.put("refuse", rail.raw.getLast());
    all.put("discover-with-crc", discovery(DISCOVER));
    all.put("offer-with-crc", discovery(OFFER));
    return all;
  }

  private static byte[] push(LinkSession session, FakeRail rail) {
    LinkStream stream =
        new LinkStream(session, 1, "nvme0", 7, new Recorder(), Credits.DEFAULT, Credits.DEFAULT);
    MemorySegment write = MemorySegment.ofArray(Frames.memoryWrite(4));
    for (int i = 0; i < 2; i++) {
      stream.inbox().tlp(write, 0, 16, FlowCost.firstDw(write, 0, 16), true);
    }
    long at = stream.claimPush(0x1_0000_2002L, 2, false);
    stream.segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) 5);
    stream.commit();
    stream.revoke();
    at = stream.claimPush(0x1_0000_3040L, 64, true);
    for (int i = 0; i < 64; i++) {
      stream.segment().set(ValueLayout.JAVA_BYTE, at + i, (byte) i);
    }
    stream.commit();
    at = stream.claim(FlowClass.POSTED, 16, 4);
    TlpEncoder.memoryWrite(stream.segment(), at, 0x0000, 0xFE001008L, 4);
    stream.segment().set(ValueLayout.JAVA_INT_UNALIGNED, at + 12, 2);
    stream.commit();
    session.flush(T1_NS);
    return rail.raw.getLast();
  }

  private static byte[] event(LinkSession session, FakeRail rail) {
    LinkStream stream =
        new LinkStream(session, 1, "nvme0", 7, new Recorder(), Credits.DEFAULT, Credits.DEFAULT);
    assertThat(stream.harmless(0, 0x1000, 0x1000)).isTrue();
    long at = stream.claimEvent(0, 0x1C, 3, 8);
    stream.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, at, 1);
    stream.commit();
    session.flush(T1_NS);
    return rail.raw.getLast();
  }

  private static byte[] discovery(Record what) {
    MemorySegment frame = MemorySegment.ofArray(new byte[128]);
    switch (what) {
      case Discover discover -> new DiscoveryCodec().write(frame, 0, discover, 128);
      case Offer offer -> new DiscoveryCodec().write(frame, 0, offer, 128);
      default -> throw new AssertionError(what);
    }
    return frame.toArray(ValueLayout.JAVA_BYTE);
  }

  /** What an end says that can do neither SACK nor RAILS. */
  private static Hello old(Hello hello) {
    return new Hello(
        0,
        hello.frameBytesMax(),
        hello.payloadBytesMax(),
        hello.readRequestBytesMax(),
        0,
        hello.replayBytes(),
        hello.holdMs(),
        hello.silenceMs(),
        hello.instanceId(),
        hello.tokenHigh(),
        hello.tokenLow(),
        0,
        hello.nodeName());
  }

  private static LinkSession session(
      boolean dials, LinkConfig config, Hello ours, Hello theirs, FakeRail rail) {
    SessionTerms terms = SessionTerms.of(dials, config, ours, theirs, TOKEN_HIGH, TOKEN_LOW);
    LinkSession session = new LinkSession(SESSION, terms, NOBODY, event -> {}, T1_NS);
    session.control(new AttachRequester(session, "server-1"));
    session.onRail(new RailClock(rail, T1_NS), 0, 1, T1_NS);
    return session;
  }

  @Test
  void theSpecificationsFramesAreTheProducts() {
    Map<String, byte[]> product = frames();
    Map<String, byte[]> specification = Specification.goldenFrames();
    assertThat(specification.keySet()).containsExactlyInAnyOrderElementsOf(product.keySet());
    product.forEach(
        (name, bytes) ->
            assertThat(HexFormat.of().formatHex(specification.get(name)))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(bytes)));
  }

  @Test
  void theSpecificationsFramesPassTheCheck() {
    Specification.goldenFrames()
        .forEach(
            (name, bytes) -> {
              MemorySegment frame = MemorySegment.ofArray(bytes);
              boolean discovery = bytes[3] == FrameFormat.DISCOVER || bytes[3] == FrameFormat.OFFER;
              FrameError error =
                  discovery
                      ? new DiscoveryCodec().check(frame, 0, bytes.length)
                      : new FrameCheck().check(frame, 0, bytes.length, 65532, crc(name));
              assertThat(error).as(name).isNull();
            });
  }

  private static boolean crc(String name) {
    return name.endsWith("crc");
  }

  @Test
  void everyRequirementIsNamedByATestAndTheOtherWayRound() throws IOException {
    assertThat(Specification.requirements()).doesNotHaveDuplicates().isNotEmpty();
    assertThat(Specification.tested())
        .containsExactlyElementsOf(new TreeSet<>(Specification.requirements()));
  }
}
