package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Credits, attaching and detaching (docs/spec/pcieoe.md, sections 8 and 9). */
class StreamConformanceTest {
  private static final byte[] CPL =
      ByteBuffer.allocate(12).putInt(0x0A000000).putInt(4).putInt(0).array();
  private final RawInitiator peer = new RawInitiator();

  private Recorder function() {
    return peer.functions.getFirst();
  }

  private boolean functionSends(FlowClass flow, int dataBytes) {
    LinkStream stream = function().stream;
    byte[] tlp =
        switch (flow) {
          case POSTED -> Frames.memoryWrite(dataBytes);
          case NON_POSTED -> Frames.memoryRead();
          case COMPLETION -> CPL;
        };
    long at = stream.claim(flow, tlp.length, flow == FlowClass.POSTED ? dataBytes : 0);
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(MemorySegment.ofArray(tlp), 0, stream.segment(), at, tlp.length);
    stream.commit();
    peer.acceptor.flush(peer.nowNs);
    return true;
  }

  private RawInitiator attachedWith(int headers, int data) {
    peer.up();
    peer.data(Frames.attach(1, 0, headers, data, "disk"));
    return peer;
  }

  @ParameterizedTest
  @EnumSource(FlowClass.class)
  @Tag("PCIEOE-41")
  void aClassWithoutHeaderCreditsBlocksNoOther(FlowClass blocked) {
    attachedWith(8, 512);
    for (int i = 0; i < 8; i++) {
      assertThat(functionSends(blocked, 4)).isTrue();
    }
    assertThat(functionSends(blocked, 4)).isFalse();
    for (FlowClass other : FlowClass.values()) {
      assertThat(functionSends(other, 4)).as("%s", other).isEqualTo(other != blocked);
    }
    assertThat(function().rooms).isZero();
    peer.data(Frames.credit(peer.stream(), 9, blocked.ordinal(), 9, 512));
    assertThat(function().rooms).isEqualTo(1);
    assertThat(functionSends(blocked, 4)).isTrue();
    assertThat(functionSends(blocked, 4)).isFalse();
  }

  @Test
  @Tag("PCIEOE-41")
  void dataCreditsAreCountedBySixteenBytesBegun() {
    attachedWith(64, 512);
    for (int i = 0; i < 7; i++) {
      // 65 * 16 bytes less 12: 65 credits.
      assertThat(functionSends(FlowClass.POSTED, 1028)).isTrue();
    }
    assertThat(functionSends(FlowClass.POSTED, 916)).isFalse();
    assertThat(functionSends(FlowClass.POSTED, 912)).isTrue();
    assertThat(functionSends(FlowClass.POSTED, 4)).isFalse();
  }

  @Test
  @Tag("PCIEOE-41")
  void noCreditsInTheGrantMeansInfinitelyMany() {
    attachedWith(0, 0);
    for (int i = 0; i < 1000; i++) {
      assertThat(functionSends(FlowClass.POSTED, 512)).isTrue();
    }
  }

  @Test
  @Tag("PCIEOE-42")
  void creditsComeBackInTimeAndAbsolute() {
    peer.grants = new Credits(8, 512, 16, 512, 0, 0);
    attachedWith(64, 1024);
    for (int i = 0; i < 20; i++) {
      peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(32)));
    }
    List<Frames.Rec> credits = peer.rail.records().stream().filter(r -> r.kind() == 2).toList();
    assertThat(credits).hasSize(10).allMatch(r -> r.tag() == 9 && r.stream() == peer.stream());
    ByteBuffer last = credits.getLast().buffer();
    assertThat(last.getInt()).as("class POSTED").isZero();
    assertThat(last.getInt()).as("headers").isEqualTo(8 + 20);
    assertThat(last.getInt()).as("data").isEqualTo(512 + 20 * 2);
    assertThat(last.hasRemaining()).isFalse();
  }

  @Test
  @Tag("PCIEOE-43")
  void whoSendsWithoutCreditsLosesTheStreamOnly() {
    peer.grants = new Credits(1024, 512, 8, 512, 0, 0);
    attachedWith(64, 1024);
    // All in one frame, so that no credits come back in between: eight are covered.
    byte[][] flood = new byte[9][];
    java.util.Arrays.fill(flood, Frames.tlp(peer.stream(), 9, Frames.memoryRead()));
    peer.data(flood);
    assertThat(function().tlps).hasSize(8);
    assertThat(function().downs).isEqualTo(1);
    assertThat(peer.rail.records().getLast().kind()).isEqualTo(0x14);
    assertThat(peer.counters().snapshot()).containsEntry("credit_overruns", 1L);
    assertThat(peer.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  @Tag("PCIEOE-45")
  void dataBeyondItsCreditsIsAnOverrunToo() {
    peer.grants = new Credits(1024, 512, 8, 512, 0, 0);
    attachedWith(64, 1024);
    // 17 times 31 credits (484 bytes are 30.25 times 16) are more than 512.
    byte[][] flood = new byte[17][];
    java.util.Arrays.fill(flood, Frames.tlp(peer.stream(), 9, Frames.memoryWrite(484)));
    peer.data(flood);
    assertThat(function().tlps).hasSize(16);
    assertThat(function().downs).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-44")
  void creditsThatShrinkOrExceedTheirWindowAreIgnored() {
    attachedWith(8, 512);
    int stream = peer.stream();
    peer.data(Frames.credit(stream, 9, 0, 7, 512));
    peer.data(Frames.credit(stream, 9, 0, 8, 511));
    peer.data(Frames.credit(stream, 9, 0, 0x7FFFFFFF, 512));
    peer.data(Frames.credit(stream, 9, 3, 9, 512));
    peer.data(Frames.credit(stream, 9, 255, 9, 512));
    assertThat(peer.counters().snapshot()).containsEntry("dropped_credits.insane", 5L);
    for (int i = 0; i < 8; i++) {
      assertThat(functionSends(FlowClass.POSTED, 4)).isTrue();
    }
    assertThat(functionSends(FlowClass.POSTED, 4)).isFalse();
    peer.data(Frames.credit(stream, 9, 0, 8, 512), Frames.credit(stream, 9, 0, 8, 512));
    assertThat(functionSends(FlowClass.POSTED, 4)).isFalse();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_credits.insane", 5L);
  }

  @Test
  @Tag("PCIEOE-46")
  void anAttachIsAnsweredWithItsRequestNumber() {
    peer.up();
    peer.data(Frames.attach(0xBEEF, 4, 64, 1024, "disk"));
    assertThat(peer.requests.getFirst().functionName()).isEqualTo("disk");
    assertThat(peer.requests.getFirst().serverName()).isEqualTo("serv");
    assertThat(peer.requests.getFirst().epoch()).isEqualTo(4);
    Frames.Rec attached = peer.rail.records().getFirst();
    assertThat(attached.kind()).isEqualTo(0x11);
    assertThat(attached.stream()).isEqualTo(peer.stream());
    assertThat(attached.tag()).isEqualTo(9);
    ByteBuffer body = attached.buffer();
    assertThat(body.getShort(0) & 0xFFFF).isEqualTo(0xBEEF);
    assertThat(body.getLong(8)).isEqualTo(9);
    assertThat(body.getInt(16)).isEqualTo(1024);
    assertThat(body.getShort(40)).isEqualTo((short) 1);
    assertThat(body.getInt(48)).isEqualTo(0x000304);
    assertThat(body.getLong(56)).isEqualTo(7);
  }

  @Test
  @Tag("PCIEOE-46")
  void anAttachMayBeAnsweredLater() {
    peer.answers = false;
    peer.up();
    peer.data(Frames.attach(5, 0, 64, 1024, "disk"));
    assertThat(peer.rail.records()).isEmpty();
    peer.requests.getFirst().refuse(AttachRefusal.STALE_EPOCH, "", "epoch 3 was granted before");
    peer.acceptor.flush(peer.nowNs);
    Frames.Rec refused = peer.rail.records().getFirst();
    assertThat(refused.kind()).isEqualTo(0x12);
    assertThat(refused.buffer().getShort(0)).isEqualTo((short) 5);
    assertThat(refused.buffer().getShort(2)).isEqualTo((short) 3);
    assertThat(new String(refused.body(), 8, refused.body().length - 8, StandardCharsets.UTF_8))
        .isEqualTo("epoch 3 was granted before");
  }

  @Test
  @Tag("PCIEOE-46")
  void anAnswerAfterTheSessionsEndReachesNobody() {
    peer.answers = false;
    peer.up();
    peer.data(Frames.attach(5, 0, 64, 1024, "disk"));
    peer.acceptor.close("end", peer.nowNs);
    Recorder function = new Recorder();
    LinkStream stream =
        peer.requests.getFirst().accept(function, 1, Credits.DEFAULT, RawInitiator.IDENTITY);
    assertThat(stream.isUp()).isFalse();
    assertThat(stream.claim(FlowClass.POSTED, 16, 4)).isEqualTo(-1);
  }

  @Test
  @Tag("PCIEOE-47")
  void aFunctionHasOneHolderAndOthersAreToldWho() {
    peer.attached();
    peer.session = 0;
    peer.seq = 1;
    peer.tokenHigh = peer.tokenLow = 0;
    peer.connect();
    peer.hello("server-2", 5);
    peer.data(Frames.attach(1, 0, 64, 1024, "disk"));
    Frames.Rec refused = peer.rail.records().getFirst();
    assertThat(refused.kind()).isEqualTo(0x12);
    assertThat(refused.buffer().getShort(2)).as("HELD").isEqualTo((short) 2);
    int holderBytes = refused.body()[4];
    assertThat(new String(refused.body(), 8, holderBytes, StandardCharsets.UTF_8))
        .isEqualTo("server-1");
    assertThat(peer.requests).hasSize(1);
  }

  @Test
  @Tag("PCIEOE-48")
  @Tag("PCIEOE-49")
  void detachingByTheInitiatorFreesTheFunction() {
    peer.attached();
    int stream = peer.stream();
    peer.data(Frames.parting(stream, 0x13, 9, "done"));
    assertThat(function().downs).isEqualTo(1);
    assertThat(peer.rail.records().getLast().kind()).isEqualTo(0x14);
    peer.data(Frames.tlp(stream, 9, Frames.memoryWrite(4)));
    assertThat(function().tlps).isEmpty();
    peer.data(Frames.attach(2, 0, 64, 1024, "disk"));
    assertThat(peer.stream()).isNotEqualTo(stream);
  }

  @Test
  @Tag("PCIEOE-48")
  @Tag("PCIEOE-49")
  void detachingByTheApplianceWaitsForTheInitiatorsWord() {
    peer.attached();
    int stream = peer.stream();
    LinkStream taken = function().stream;
    taken.detach("pulled");
    peer.acceptor.flush(peer.nowNs);
    Frames.Rec detached = peer.rail.records().getLast();
    assertThat(detached.kind()).isEqualTo(0x14);
    assertThat(new String(detached.body(), 4, 6, StandardCharsets.UTF_8)).isEqualTo("pulled");
    assertThat(function().downs).isZero();
    peer.data(Frames.tlp(stream, 9, Frames.memoryWrite(4)));
    assertThat(function().tlps).isEmpty();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_records.detached", 1L);
    assertThat(peer.live().streams().get(stream)).isSameAs(taken);
    peer.data(Frames.parting(stream, 0x13, 9, "as asked"));
    assertThat(peer.live().streams().get(stream)).isNull();
    assertThat(peer.rail.records().stream().filter(r -> r.kind() == 0x14)).hasSize(1);
  }

  @Test
  @Tag("PCIEOE-49")
  void anInitiatorAnswersAnUnaskedDetached() {
    RawAcceptor acceptor = new RawAcceptor();
    Recorder function = acceptor.attached(64, 1024);
    acceptor.data(Frames.parting(3, 0x14, 9, "pulled"));
    assertThat(function.downs).isEqualTo(1);
    assertThat(acceptor.rail.records().getLast().kind()).isEqualTo(0x13);
    assertThat(function.stream.claim(FlowClass.POSTED, 16, 4)).isEqualTo(-1);
  }

  @Test
  @Tag("PCIEOE-50")
  void aHotResetKeepsItsPlace() {
    peer.attached();
    int stream = peer.stream();
    byte[] reset = Frames.record(stream, 3, 0, 9, new byte[0]);
    byte[] write = Frames.tlp(stream, 9, Frames.memoryWrite(4));
    peer.data(write, reset, write);
    assertThat(function().tlps.get(1)).isEqualTo("reset");
    assertThat(function().tlps).hasSize(3);
  }

  @Test
  @Tag("PCIEOE-50")
  void aHotResetIsForInitiatorsToSend() {
    RawAcceptor acceptor = new RawAcceptor();
    Recorder function = acceptor.attached(64, 1024);
    acceptor.data(Frames.record(3, 3, 0, 9, new byte[0]));
    assertThat(function.resets).isZero();
    assertThat(acceptor.live().counters().snapshot())
        .containsEntry("dropped_records.wrong_direction", 1L);
    function.stream.hotReset();
    acceptor.initiator.flush(acceptor.nowNs);
    assertThat(acceptor.rail.records().getLast().kind()).isEqualTo(3);
    peer.attached();
    peer.data(Frames.attached(1, 3, 9, 64, 1024));
    assertThat(peer.counters().snapshot()).containsEntry("dropped_records.wrong_direction", 1L);
  }

  @Test
  @Tag("PCIEOE-51")
  void attachedThatAnswersNothingEndsTheSession() {
    RawAcceptor acceptor = new RawAcceptor();
    Recorder function = acceptor.attached(64, 1024);
    acceptor.data(Frames.attached(1, 4, 9, 64, 1024));
    assertThat(function.downs).isEqualTo(1);
    assertThat(acceptor.rail.last().type()).isEqualTo(Frames.BYE);
    assertThat(acceptor.hasEvent("protocol violation")).isTrue();
  }

  @Test
  @Tag("PCIEOE-59")
  void refusedInAStreamIsDropped() {
    RawAcceptor acceptor = new RawAcceptor();
    acceptor.attached(64, 1024);
    Recorder second = new Recorder();
    acceptor.initiator.attach("disk-2", 0, Credits.DEFAULT, second, second);
    acceptor.initiator.flush(acceptor.nowNs);
    acceptor.data(Frames.record(3, 0x12, 0, 9, new byte[] {0, 2, 0, 2, 0, 0, 0, 0}));
    assertThat(second.refusal).isNull();
    acceptor.data(Frames.record(0, 0x12, 0, 0, new byte[] {0, 2, 0, 2, 0, 0, 0, 0}));
    assertThat(second.refusal).isEqualTo(AttachRefusal.HELD);
  }

  @Test
  @Tag("PCIEOE-51")
  void attachedToATakenStreamEndsTheSession() {
    RawAcceptor acceptor = new RawAcceptor();
    acceptor.attached(64, 1024);
    Recorder second = new Recorder();
    acceptor.initiator.attach("disk-2", 0, Credits.DEFAULT, second, second);
    acceptor.initiator.flush(acceptor.nowNs);
    acceptor.data(Frames.attached(2, 3, 9, 64, 1024));
    assertThat(second.refusal).isEqualTo(AttachRefusal.NO_SESSION);
    assertThat(acceptor.rail.last().type()).isEqualTo(Frames.BYE);
  }

  @Test
  void anAttachWithoutASessionIsRefusedLater() {
    RawAcceptor acceptor = new RawAcceptor();
    Recorder function = new Recorder();
    acceptor.initiator.attach("disk", 0, Credits.DEFAULT, function, function);
    assertThat(function.refusal).isNull();
    acceptor.initiator.flush(acceptor.nowNs);
    assertThat(function.refusal).isEqualTo(AttachRefusal.NO_SESSION);
  }

  @Test
  void aFunctionThatFailsLosesItsStreamAndNothingElse() {
    peer.attached();
    peer.data(Frames.attach(2, 0, 64, 1024, "other"));
    Recorder other = peer.functions.getLast();
    peer.functions.getFirst().fails = true;
    peer.data(
        Frames.tlp(peer.functions.getFirst().stream.id(), 9, Frames.memoryWrite(4)),
        Frames.tlp(other.stream.id(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
    assertThat(other.tlps).hasSize(1);
    assertThat(peer.rail.records().getLast().kind()).isEqualTo(0x14);
    assertThat(peer.counters().snapshot()).containsEntry("function_failures", 1L);
  }

  @Test
  @Tag("PCIEOE-56")
  void whoAsksAndDoesNotListenIsLeft() {
    peer.up();
    peer.answers = false;
    peer.data(Frames.attach(1, 0, 64, 1024, "disk"));
    LinkSession session = peer.live();
    for (int i = 0; i < 40_000 && session.state() != LinkState.DOWN; i++) {
      // HELD each time, and nothing of what is sent is ever acknowledged.
      peer.data(Frames.attach(2, 0, 64, 1024, "disk"));
      peer.expected = 1;
      assertThat(session.sender().controlWaiting()).isLessThanOrEqualTo(1024);
    }
    assertThat(session.state()).isEqualTo(LinkState.DOWN);
    assertThat(peer.hasEvent("does not listen")).isTrue();
  }
}
