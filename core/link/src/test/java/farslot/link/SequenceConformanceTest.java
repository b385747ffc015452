package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sequence, acknowledgement, replay, silence (docs/spec/pcieoe.md, sections 6 and 7). */
class SequenceConformanceTest {
  private static final long MS = RawInitiator.MS;
  private final RawInitiator peer = new RawInitiator();

  private byte[] write() {
    return Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4));
  }

  private int delivered() {
    return peer.functions.getFirst().tlps.size();
  }

  private void functionSends(int tlps) {
    LinkStream stream = peer.functions.getFirst().stream;
    for (int i = 0; i < tlps; i++) {
      long at = stream.claim(FlowClass.NON_POSTED, 12, 0);
      MemorySegment.copy(MemorySegment.ofArray(Frames.memoryRead()), 0, stream.segment(), at, 12);
      stream.commit();
      peer.acceptor.flush(peer.nowNs);
    }
  }

  @Test
  @Tag("PCIEOE-28")
  void duplicatesAreDroppedAndAcknowledged() {
    peer.attached();
    peer.data(write());
    peer.seq--;
    int before = peer.rail.sent.size();
    peer.data(write());
    assertThat(delivered()).isEqualTo(1);
    assertThat(peer.rail.sent).hasSize(before + 1);
    assertThat(peer.rail.last().ack()).isEqualTo(3);
    assertThat(peer.counters().snapshot()).containsEntry("dropped_frames.duplicate", 1L);
  }

  @Test
  @Tag("PCIEOE-29")
  void aGapEndsAReliableRail() {
    peer.attached();
    peer.seq++;
    peer.data(write());
    assertThat(peer.rail.closed).contains("missing");
    assertThat(delivered()).isZero();
  }

  @Test
  @Tag("PCIEOE-29")
  void aGapOnAnUnreliableRailIsNamedAtOnceAndOnce() {
    peer.reliable = false;
    peer.attached();
    peer.seq++;
    peer.data(write());
    assertThat(peer.rail.last().nak()).isTrue();
    assertThat(peer.rail.last().ack()).isEqualTo(2);
    int before = peer.rail.sent.size();
    peer.data(write());
    assertThat(peer.rail.sent).hasSize(before);
    peer.seq = 2;
    peer.data(write());
    peer.data(write());
    assertThat(delivered()).isEqualTo(2);
    assertThat(peer.rail.closed).isNull();
  }

  @Test
  @Tag("PCIEOE-30")
  void anAckTellsThatTheLastFrameIsMissing() {
    peer.attached();
    peer.say(Frames.frame(Frames.ACK, 0, peer.session, peer.seq, 1));
    assertThat(peer.rail.closed).isNull();
    peer.say(Frames.frame(Frames.ACK, 0, peer.session, peer.seq + 1, 1));
    assertThat(peer.rail.closed).contains("missing");
  }

  @Test
  @Tag("PCIEOE-31")
  void acknowledgingWhatWasNeverSentEndsTheRail() {
    peer.attached();
    functionSends(1);
    peer.expected = 3;
    peer.data(write());
    assertThat(peer.rail.closed).isNull();
    peer.expected = 4;
    peer.data(write());
    assertThat(peer.rail.closed).contains("never sent");
    assertThat(delivered()).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-32")
  void whatThePeerDoesNotHaveIsSentAgainUnchanged() {
    peer.attached();
    functionSends(3);
    var first = peer.rail.sent.stream().filter(f -> f.type() == Frames.DATA).toList();
    assertThat(first).extracting(f -> f.seq()).containsExactly(1, 2, 3, 4);
    peer.listener.onDown("cut", peer.nowNs);
    functionSends(1);
    peer.expected = 3;
    peer.connect();
    peer.hello();
    var again = peer.rail.sent.stream().filter(f -> f.type() == Frames.DATA).toList();
    assertThat(again).extracting(f -> f.seq()).containsExactly(3, 4, 5);
    assertThat(again).extracting(f -> f.replayed()).containsExactly(true, true, false);
    assertThat(again.getFirst().body()).isEqualTo(first.get(2).body());
    assertThat(peer.rail.sent.getFirst().type()).isEqualTo(Frames.WELCOME);
  }

  @Test
  @Tag("PCIEOE-33")
  void aNakIsAnsweredByReplay() {
    peer.reliable = false;
    peer.attached();
    functionSends(3);
    int before = peer.rail.sent.size();
    peer.expected = 2;
    peer.say(Frames.frame(Frames.ACK, 4, peer.session, peer.seq, peer.expected));
    assertThat(peer.rail.sent.subList(before, peer.rail.sent.size()))
        .extracting(f -> f.seq())
        .containsExactly(2, 3, 4);
  }

  @Test
  @Tag("PCIEOE-34")
  void whatIsNotAcknowledgedInTimeOnAnUnreliableRailIsSentAgain() {
    peer.reliable = false;
    peer.attached();
    functionSends(1);
    int before = peer.rail.sent.size();
    peer.pass(100 * MS);
    assertThat(peer.rail.sent.subList(before, peer.rail.sent.size()))
        .filteredOn(f -> f.type() == Frames.DATA)
        .isNotEmpty()
        .allMatch(Frames.Frame::replayed);
  }

  @Test
  @Tag("PCIEOE-35")
  void dataIsAcknowledgedAfterAShortWhile() {
    peer.attached();
    int before = peer.rail.sent.size();
    peer.data(write());
    assertThat(peer.rail.sent).hasSize(before);
    peer.pass(MS);
    assertThat(peer.rail.sent).hasSize(before + 1);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.ACK);
    assertThat(peer.rail.last().ack()).isEqualTo(3);
  }

  @Test
  @Tag("PCIEOE-35")
  void dataIsAcknowledgedByWhatGoesOutAnyway() {
    peer.attached();
    peer.data(write());
    functionSends(1);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.DATA);
    assertThat(peer.rail.last().ack()).isEqualTo(3);
    int before = peer.rail.sent.size();
    peer.pass(2 * MS);
    assertThat(peer.rail.sent).hasSize(before);
  }

  @Test
  @Tag("PCIEOE-35")
  void manyFramesAreAcknowledgedAtOnce() {
    peer.attached();
    peer.pass(2 * MS);
    int before = peer.rail.sent.size();
    for (int i = 0; i < 256; i++) {
      assertThat(peer.rail.sent).as("after %d", i).hasSize(before);
      peer.data();
    }
    assertThat(peer.rail.sent).hasSize(before + 1);
  }

  @Test
  @Tag("PCIEOE-35")
  void aQuarterOfThePeersReplayBufferIsAcknowledgedAtOnce() {
    peer.attached();
    peer.pass(2 * MS);
    int before = peer.rail.sent.size();
    byte[] skippable = Frames.record(0, 0x80, 0, 0, new byte[16_000]);
    int frames = 0;
    while (peer.rail.sent.size() == before) {
      peer.data(skippable);
      frames++;
    }
    assertThat(frames * 16_048).isBetween((1 << 20) / 4, (1 << 20) / 4 + 16_048);
  }

  @Test
  @Tag("PCIEOE-36")
  void railsThatKeepBreakingOverTheSameFrameEndTheSession() {
    peer.attached();
    LinkSession session = peer.live();
    for (int i = 0; i < 4; i++) {
      assertThat(session.state()).isNotEqualTo(LinkState.DOWN);
      peer.say(
          Frames.frame(
              Frames.DATA,
              0,
              peer.session,
              peer.seq,
              1,
              Frames.record(peer.stream(), 0x7F, 0, 9, new byte[0])));
      if (i < 3) {
        peer.connect();
        peer.hello();
      }
    }
    assertThat(session.state()).isEqualTo(LinkState.DOWN);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.BYE);
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-37")
  void aQuietRailGetsAcks() {
    peer.attached();
    peer.pass(2 * MS);
    int before = peer.rail.sent.size();
    for (int i = 1; i <= 4; i++) {
      peer.pass(501 * MS);
      assertThat(peer.rail.sent).hasSize(before + i);
      assertThat(peer.rail.last().type()).isEqualTo(Frames.ACK);
      peer.say(Frames.frame(Frames.ACK, 0, peer.session, peer.seq, peer.expected));
    }
  }

  @Test
  @Tag("PCIEOE-38")
  void aSilentRailIsGivenUp() {
    peer.attached();
    peer.pass(2_900 * MS);
    assertThat(peer.rail.closed).isNull();
    peer.pass(200 * MS);
    assertThat(peer.rail.closed).contains("silent");
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
    // Where one direction is dead only, the peer learns of it by this.
    assertThat(peer.rail.last().type()).isEqualTo(FrameFormat.REFUSE);
    assertThat(peer.rail.last().text()).contains("silent");
  }

  @Test
  @Tag("PCIEOE-38")
  void aSilentRailThatIsFullIsGivenUpToo() {
    peer.attached();
    peer.rail.roomFrames = 0;
    functionSends(1);
    peer.pass(3_100 * MS);
    assertThat(peer.rail.closed).contains("silent");
  }

  @Test
  @Tag("PCIEOE-38")
  void anEndThatWasAsleepItselfLooksBeforeItJudges() {
    peer.attached();
    peer.nowNs += 60_000 * MS;
    peer.acceptor.onTimer(peer.nowNs);
    assertThat(peer.rail.closed).isNull();
    peer.pass(3_100 * MS);
    assertThat(peer.rail.closed).contains("silent");
  }

  @Test
  @Tag("PCIEOE-39")
  void pastTheHoldTimeTheSessionIsDown() {
    peer.attached();
    LinkSession session = peer.live();
    peer.listener.onDown("cut", peer.nowNs);
    peer.pass(9_990 * MS);
    assertThat(session.state()).isEqualTo(LinkState.RECOVERY);
    peer.pass(20 * MS);
    assertThat(session.state()).isEqualTo(LinkState.DOWN);
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
    assertThat(peer.hasEvent("hold time")).isTrue();
    peer.connect();
    peer.hello();
    assertThat(peer.rail.last().text()).startsWith("3: ");
  }

  @Test
  @Tag("PCIEOE-40")
  void goodbyeEndsTheSession() {
    peer.attached();
    peer.say(
        Frames.frame(Frames.BYE, 0, peer.session, 0, 1, new byte[] {0, 0, 0, 2, 'o', 'k', 0, 0}));
    assertThat(peer.functions.getFirst().downs).isEqualTo(1);
    assertThat(peer.acceptor.sessions()).isEmpty();
    assertThat(peer.hasEvent("the peer said goodbye: ok")).isTrue();
  }

  @Test
  @Tag("PCIEOE-53")
  void theRoundTripExcludesWhatThePeerHeldBack() {
    peer.attached();
    functionSends(1);
    int txTime = peer.rail.last().txTime();
    peer.nowNs += 800_000;
    byte[] ack = Frames.frame(Frames.ACK, 2, peer.session, peer.seq, 3);
    java.nio.ByteBuffer.wrap(ack).putInt(28, txTime).putInt(32, 700_000 / 16);
    peer.say(ack);
    assertThat(peer.live().roundTripNs()).isEqualTo(100_000);
    functionSends(1);
    assertThat(peer.rail.last().flags() & 2).isEqualTo(2);
    peer.nowNs += 160;
    functionSends(1);
    assertThat(peer.rail.last().echoTime()).isZero();
    assertThat(peer.rail.last().echoDelay()).isEqualTo(10);
  }
}
