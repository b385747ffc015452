package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions begin, are resumed and are refused (docs/spec/pcieoe.md, section 5). */
class HandshakeConformanceTest {
  private final RawInitiator peer = new RawInitiator();

  private void assertRefused(int code) {
    assertThat(peer.rail.last().type()).isEqualTo(Frames.REFUSE);
    assertThat(peer.rail.last().text()).startsWith(code + ": ");
    assertThat(peer.rail.closed).isNotNull();
  }

  @Test
  @Tag("PCIEOE-2")
  void whatIsNoFrameIsRefused() {
    peer.connect();
    peer.listener.onMalformed(FrameError.MAGIC, peer.nowNs);
    assertRefused(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x20, 0xF0})
  @Tag("PCIEOE-3")
  void otherMajorVersionsAreRefused(int version) {
    peer.connect();
    byte[] hello = Frames.frame(Frames.HELLO, 0, 0, 0, 0, new byte[64]);
    hello[2] = (byte) version;
    peer.say(hello);
    assertRefused(1);
    assertThat(peer.rail.last().text()).contains("version " + (version >> 4));
  }

  @Test
  @Tag("PCIEOE-3")
  void otherMinorVersionsAreWelcome() {
    peer.connect();
    byte[] body = Frames.helloBody(16640, 11, 0, 0, "server-1");
    byte[] hello = Frames.frame(Frames.HELLO, 0, 0, 0, 1, body, new byte[24]);
    hello[2] = 0x1F;
    peer.say(hello);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.WELCOME);
  }

  @Test
  @Tag("PCIEOE-3")
  void anInitiatorReadsTheRefusalOfAnotherMajorVersion() {
    RawAcceptor acceptor = new RawAcceptor();
    acceptor.connect();
    byte[] body = {0, 1, 0, 4, 'n', 'o', 'p', 'e'};
    byte[] refuse = Frames.frame(Frames.REFUSE, 0, 0, 0, 0, body);
    refuse[2] = 0x20;
    acceptor.say(refuse);
    assertThat(acceptor.hasEvent("fake refuses us: nope (VERSION)")).isTrue();
    assertThat(acceptor.rail.closed).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5})
  @Tag("PCIEOE-18")
  void whatIsNotHelloIsRefused(int type) {
    peer.connect();
    byte[] body =
        type == Frames.WELCOME ? Frames.helloBody(16640, 11, 0, 0, "server-1") : new byte[0];
    peer.say(Frames.frame(type, 0, 0, 1, 1, body));
    assertRefused(2);
  }

  @Test
  @Tag("PCIEOE-19")
  void unknownSessionsAreRefused() {
    peer.session = 77;
    peer.connect();
    peer.hello();
    assertRefused(3);
  }

  @Test
  @Tag("PCIEOE-19")
  void resumingNeedsTheTokenTheNodeAndTheInstance() {
    peer.attached();
    LinkSession session = peer.live();
    peer.tokenLow ^= 1;
    peer.connect();
    peer.hello();
    assertRefused(4);
    peer.tokenLow ^= 1;
    peer.connect();
    peer.hello("server-2", 11);
    assertRefused(4);
    peer.connect();
    peer.hello("server-1", 12);
    assertRefused(4);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    peer.connect();
    peer.hello();
    assertThat(peer.rail.sent.getFirst().type()).isEqualTo(Frames.WELCOME);
    assertThat(peer.live()).isSameAs(session);
  }

  @Test
  @Tag("PCIEOE-21")
  void aNewSessionOfANodeReplacesItsOldOneAtOnce() {
    peer.attached();
    LinkSession old = peer.live();
    FakeRail oldRail = peer.rail;
    peer.session = 0;
    peer.seq = 1;
    peer.connect();
    peer.hello("server-1", 999);
    assertThat(old.state()).isEqualTo(LinkState.DOWN);
    assertThat(oldRail.last().type()).isEqualTo(Frames.BYE);
    assertThat(oldRail.last().text()).startsWith("10: replaced");
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
    peer.data(Frames.attach(1, 0, 64, 1024, "disk"));
    assertThat(peer.functions).hasSize(2);
  }

  @Test
  @Tag("PCIEOE-22")
  void theSmallerOfBothEndsCounts() {
    peer.up();
    assertThat(peer.live().payloadBytesMax()).isEqualTo(512);
    assertThat(peer.live().readRequestBytesMax()).isEqualTo(1024);
    assertThat(peer.live().terms().holdNs()).isEqualTo(10_000 * RawInitiator.MS);
    ByteBuffer welcome = ByteBuffer.wrap(peer.rail.sent.getFirst().body());
    assertThat(welcome.getShort(4) & 0xFFFF).isEqualTo(16640);
    assertThat(welcome.getShort(6)).isEqualTo((short) 4096);
  }

  @Test
  @Tag("PCIEOE-22")
  void framesAreNotLongerThanAgreed() {
    RawAcceptor acceptor = new RawAcceptor();
    acceptor.connect();
    acceptor.say(
        Frames.frame(
            Frames.WELCOME,
            0,
            acceptor.session,
            0,
            1,
            Frames.helloBody(1500, 22, 1, 2, "appliance-1")));
    Recorder function = new Recorder();
    acceptor.initiator.attach("disk", 0, Credits.DEFAULT, function, function);
    acceptor.initiator.flush(acceptor.nowNs);
    acceptor.data(Frames.attached(1, 3, 9, 64, 8192));
    for (int i = 0; i < 20; i++) {
      long at = function.stream.claim(farslot.pcie.FlowClass.POSTED, 16 + 4096, 4096);
      MemorySegment.copy(
          MemorySegment.ofArray(Frames.memoryWrite(4096)), 0, function.stream.segment(), at, 4108);
      function.stream.commit();
    }
    acceptor.initiator.flush(acceptor.nowNs);
    assertThat(acceptor.rail.sent).allMatch(f -> f.body().length + 40 <= 1500);
    assertThat(acceptor.rail.records().stream().filter(r -> r.kind() == 1 && r.flags() == 0))
        .hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1460, 1502})
  @Tag("PCIEOE-23")
  void frameSizesThatNoEndMayHaveAreRefused(int frameBytesMax) {
    peer.connect();
    byte[] body = Frames.helloBody(frameBytesMax, 11, 0, 0, "server-1");
    peer.say(Frames.frame(Frames.HELLO, 0, 0, 0, 1, body));
    assertRefused(6);
  }

  @Test
  @Tag("PCIEOE-23")
  void aRailTooSmallForTheSessionIsRefused() {
    peer.attached();
    peer.connect().frameBytesMax = 1500;
    peer.hello();
    assertRefused(6);
    assertThat(peer.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  @Tag("PCIEOE-24")
  void aSessionIsNotResumedWhereNothingIsKept() {
    peer.attached();
    LinkSession session = peer.live();
    peer.expected = 4711;
    peer.connect();
    peer.hello();
    assertRefused(7);
    // It may have been an old HELLO: the session ends when its initiator begins a new one.
    assertThat(session.state()).isEqualTo(LinkState.L0);
    peer.session = 0;
    peer.expected = 1;
    peer.connect();
    peer.hello();
    assertThat(session.state()).isEqualTo(LinkState.DOWN);
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-24")
  void anInitiatorDoesNotResumeWhereNothingIsKept() {
    RawAcceptor acceptor = new RawAcceptor();
    Recorder function = acceptor.attached(64, 1024);
    acceptor.listener.onDown("cut", acceptor.nowNs);
    acceptor.pass(1_000 * RawAcceptor.MS);
    acceptor.expected = 4711;
    acceptor.up();
    assertThat(function.downs).isEqualTo(1);
    acceptor.pass(1_000 * RawAcceptor.MS);
    assertThat(acceptor.connect().session()).isZero();
  }

  @Test
  @Tag("PCIEOE-25")
  void aHandshakeThatTakesTooLongIsGivenUp() {
    peer.connect();
    peer.pass(2_999 * RawInitiator.MS);
    assertThat(peer.rail.closed).isNull();
    peer.pass(2 * RawInitiator.MS);
    assertRefused(2);

    RawAcceptor acceptor = new RawAcceptor();
    acceptor.connect();
    acceptor.pass(3_001 * RawAcceptor.MS);
    assertThat(acceptor.rail.closed).isEqualTo("no answer to HELLO");
    acceptor.pass(3_001 * RawAcceptor.MS);
    assertThat(acceptor.dialled).isTrue();
  }

  @Test
  @Tag("PCIEOE-26")
  void aNewerRailReplacesTheOlder() {
    peer.attached();
    FakeRail older = peer.rail;
    RailListener olderListener = peer.listener;
    peer.connect();
    peer.hello();
    assertThat(older.closed).contains("replaced");
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
    olderListener.onDown("late", peer.nowNs);
    assertThat(peer.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  @Tag("PCIEOE-20")
  @Tag("PCIEOE-27")
  void anInitiatorWhoseSessionIsUnknownBeginsANewOne() {
    RawAcceptor acceptor = new RawAcceptor();
    Recorder function = acceptor.attached(64, 1024);
    acceptor.listener.onDown("cut", acceptor.nowNs);
    acceptor.pass(1_000 * RawAcceptor.MS);
    Frames.Frame hello = acceptor.connect();
    assertThat(hello.session()).isEqualTo(RawAcceptor.SESSION);
    assertThat(hello.ack()).isEqualTo(2);
    assertThat(ByteBuffer.wrap(hello.body()).getLong(32)).isEqualTo(111);
    assertThat(ByteBuffer.wrap(hello.body()).getLong(40)).isEqualTo(222);
    acceptor.refuse(3, "who?");
    assertThat(function.downs).isEqualTo(1);
    assertThat(acceptor.connect().session()).isZero();
    acceptor.session = 5;
    acceptor.welcome();
    assertThat(acceptor.live().id()).isEqualTo(5);
  }

  @Test
  @Tag("PCIEOE-55")
  void aHandshakeInsideASessionEndsAReliableRail() {
    peer.attached();
    peer.hello();
    assertThat(peer.rail.closed).contains("handshake");
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
  }

  @Test
  @Tag("PCIEOE-54")
  void asManySessionsAsConfiguredAreServed() {
    RawInitiator small =
        new RawInitiator(LinkConfig.of("appliance-1", 22).with(LinkSizes.USUAL.withBounds(2, 10)));
    for (int i = 0; i < 2; i++) {
      small.session = 0;
      small.connect();
      small.hello("server-" + i, i);
    }
    small.session = 0;
    small.connect();
    small.hello("server-3", 3);
    assertThat(small.rail.last().text()).startsWith("5: ");
    for (int i = 0; i < 2; i++) {
      small.connect();
    }
    small.connect();
    assertThat(small.rail.last().text()).startsWith("5: ");
  }

  @Test
  @Tag("PCIEOE-40")
  void anEndThatGoesDownSaysGoodbyeAndRefusesOthers() {
    peer.attached();
    peer.acceptor.close("maintenance", peer.nowNs);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.BYE);
    assertThat(peer.rail.last().text()).isEqualTo("0: maintenance");
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
    peer.connect();
    assertRefused(9);
  }

  /** Found by the simulator: rail after rail was given up until the hold time was over. */
  @Test
  @Tag("PCIEOE-57")
  void whatComesBeforeWelcomeIsDroppedWherePacketsOvertake() {
    RawAcceptor appliance = new RawAcceptor();
    appliance.reliable = false;
    appliance.up();
    Recorder function = new Recorder();
    appliance.initiator.attach("disk", 0, Credits.DEFAULT, function, function);
    appliance.initiator.flush(appliance.nowNs);
    appliance.listener.onDown("unplugged", appliance.nowNs);
    appliance.pass(1_000 * RawInitiator.MS);
    appliance.connect();
    byte[] attached = Frames.attached(1, 3, 9, 64, 1024);
    appliance.data(attached);
    byte[] damaged = Frames.withCrc(Frames.frame(Frames.ACK, 0, appliance.session, 2, 1));
    damaged[20] ^= 1;
    appliance.listener.onFrame(MemorySegment.ofArray(damaged), 0, damaged.length, appliance.nowNs);
    assertThat(appliance.rail.closed).isNull();
    appliance.welcome();
    assertThat(appliance.live().state()).isEqualTo(LinkState.L0);
    appliance.seq = 1;
    appliance.data(attached);
    assertThat(function.stream).isNotNull();
  }

  /** Found by the simulator: an old WELCOME said where to resume, and the session was lost. */
  @Test
  @Tag("PCIEOE-58")
  void aWelcomeToAnEarlierHelloIsDroppedWherePacketsComeLate() {
    RawAcceptor appliance = new RawAcceptor();
    appliance.reliable = false;
    appliance.up();
    byte[] old = appliance.welcome(appliance.rail.sent.getFirst().txTime());
    appliance.listener.onDown("unplugged", appliance.nowNs);
    appliance.pass(1_000 * RawInitiator.MS);
    appliance.connect();
    appliance.session ^= 1;
    appliance.say(appliance.welcome(0));
    appliance.session ^= 1;
    appliance.say(old);
    assertThat(appliance.rail.closed).isNull();
    assertThat(appliance.live().state()).isEqualTo(LinkState.RECOVERY);
    appliance.welcome();
    assertThat(appliance.live().state()).isEqualTo(LinkState.L0);
  }
}
