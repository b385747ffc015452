package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SACK adds, frame by frame (docs/spec/pcieoe.md, section 6.2). */
class SackConformanceTest {
  private static final long MS = RawInitiator.MS;
  private static final int PING = 0x10;
  private final RawInitiator peer = new RawInitiator();

  @BeforeEach
  void overAnEthernet() {
    peer.reliable = false;
    peer.capabilities = 3;
    peer.reorderFrames = 64;
    peer.frameBytesMax = 1500;
    peer.attached();
  }

  private byte[] write() {
    return Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4));
  }

  private int delivered() {
    return peer.functions.getFirst().tlps.size();
  }

  /** The peer's DATA frame of that number. */
  private void data(int seq) {
    peer.seq = seq;
    peer.data(write());
  }

  private void functionSends(int frames) {
    LinkStream stream = peer.functions.getFirst().stream;
    for (int i = 0; i < frames; i++) {
      long at = stream.claim(FlowClass.NON_POSTED, 12, 0);
      MemorySegment.copy(MemorySegment.ofArray(Frames.memoryRead()), 0, stream.segment(), at, 12);
      stream.commit();
      peer.acceptor.flush(peer.nowNs);
    }
  }

  private List<Integer> dataFrom(int index) {
    return peer.rail.sent.subList(index, peer.rail.sent.size()).stream()
        .filter(f -> f.type() == Frames.DATA)
        .map(Frames.Frame::seq)
        .toList();
  }

  private static byte[] ranges(int... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      b.putInt(value);
    }
    return b.array();
  }

  private void acknowledges(int ack, int... ranges) {
    peer.say(Frames.frame(Frames.ACK, 0, peer.session, peer.seq, ack, ranges(ranges)));
  }

  @Test
  @Tag("PCIEOE-60")
  void framesAfterAGapAreDeliveredInTheirTurn() {
    data(4);
    data(3);
    assertThat(delivered()).isZero();
    data(2);
    assertThat(delivered()).isEqualTo(3);
    assertThat(peer.live().expected()).isEqualTo(5);
    data(3);
    assertThat(delivered()).isEqualTo(3);
    assertThat(peer.counters().snapshot())
        .containsEntry("frames_reordered", 2L)
        .containsEntry("dropped_frames.duplicate", 1L);
  }

  @Test
  @Tag("PCIEOE-60")
  void framesBeyondWhatWasPromisedAreDropped() {
    int promised = 8 * 1024 * 1024 / 16640;
    data(2 + promised);
    data(2 + promised - 1);
    assertThat(peer.counters().snapshot())
        .containsEntry("dropped_frames.beyond_window", 1L)
        .containsEntry("frames_reordered", 1L);
    data(2 + 5000);
    data(2 + (1 << 30));
    assertThat(peer.counters().snapshot()).containsEntry("dropped_frames.beyond_window", 3L);
    assertThat(peer.rail.closed).isNull();
  }

  @Test
  @Tag("PCIEOE-61")
  void whatIsKeptIsSaid() {
    data(4);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.ACK);
    assertThat(peer.rail.last().ack()).isEqualTo(2);
    assertThat(peer.rail.last().sack()).isEqualTo(0b10);
    assertThat(peer.rail.last().body()).isEqualTo(ranges(4, 5));
    data(5);
    data(40);
    assertThat(peer.rail.last().sack()).isEqualTo(0b110);
    assertThat(peer.rail.last().body()).isEqualTo(ranges(4, 6, 40, 41));
    data(2);
    data(3);
    peer.pass(2 * MS);
    assertThat(peer.rail.last().ack()).isEqualTo(6);
    assertThat(peer.rail.last().body()).isEqualTo(ranges(40, 41));
  }

  @Test
  @Tag("PCIEOE-61")
  void moreGapsThanRangesAreToldFromTheFirstOn() {
    for (int seq = 3; seq < 303; seq += 2) {
      data(seq);
    }
    ByteBuffer body = ByteBuffer.wrap(peer.rail.last().body());
    assertThat(body.remaining()).isEqualTo(64 * 8);
    assertThat(body.getInt(0)).isEqualTo(3);
    assertThat(body.getInt(63 * 8)).isEqualTo(3 + 63 * 2);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3",
    "4, 3",
    "1, 3",
    "2, 3",
    "4, 99",
    "6, 7",
    "-2147483648, 4",
    "3, -2147483648",
  })
  @Tag("PCIEOE-31")
  @Tag("PCIEOE-61")
  void rangesThatCannotBeEndTheRail(int first, int end) {
    functionSends(4);
    acknowledges(2, first, end);
    assertThat(peer.rail.closed).contains("never sent");
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
  }

  @Test
  @Tag("PCIEOE-31")
  void aBitForWhatWasNeverSentEndsTheRail() {
    functionSends(1);
    byte[] frame = Frames.frame(Frames.ACK, 0, peer.session, peer.seq, 2);
    ByteBuffer.wrap(frame).putInt(20, 0b1);
    peer.say(frame);
    assertThat(peer.rail.closed).contains("never sent");
  }

  @Test
  @Tag("PCIEOE-62")
  void onlyWhatWasOvertakenIsSentAgain() {
    functionSends(5);
    int before = peer.rail.sent.size();
    acknowledges(3, 4, 5, 6, 7);
    assertThat(dataFrom(before)).containsExactly(3, 5);
    acknowledges(3, 4, 5, 6, 7);
    assertThat(dataFrom(before)).containsExactly(3, 5);
    acknowledges(7);
    peer.pass(200 * MS);
    assertThat(dataFrom(before)).containsExactly(3, 5);
  }

  @Test
  @Tag("PCIEOE-62")
  void theLastFrameIsAskedForByATimer() {
    acknowledges(2);
    functionSends(3);
    int before = peer.rail.sent.size();
    peer.pass(11 * MS);
    assertThat(dataFrom(before)).containsExactly(2);
    // The answer to it tells that those in between have not come.
    acknowledges(3);
    assertThat(dataFrom(before)).containsExactly(2, 3, 4);
  }

  @Test
  @Tag("PCIEOE-63")
  void noMoreIsUnderWayThanThePeerKeeps() {
    RawInitiator narrow = new RawInitiator();
    narrow.reliable = false;
    narrow.capabilities = 3;
    narrow.reorderFrames = 3;
    narrow.attached();
    LinkStream stream = narrow.functions.getFirst().stream;
    for (int i = 0; i < 9; i++) {
      long at = stream.claim(FlowClass.NON_POSTED, 12, 0);
      MemorySegment.copy(MemorySegment.ofArray(Frames.memoryRead()), 0, stream.segment(), at, 12);
      stream.commit();
      narrow.acceptor.flush(narrow.nowNs);
    }
    assertThat(narrow.rail.last().seq()).isEqualTo(3);
    narrow.say(Frames.frame(Frames.ACK, 0, narrow.session, narrow.seq, 3));
    assertThat(narrow.rail.last().seq()).isEqualTo(5);
  }

  @Test
  @Tag("PCIEOE-64")
  void aPingIsAnsweredAtOnce() {
    int before = peer.rail.sent.size();
    peer.say(Frames.frame(Frames.ACK, 0, peer.session, peer.seq, 2));
    assertThat(peer.rail.sent).hasSize(before);
    peer.say(Frames.frame(Frames.ACK, PING, peer.session, peer.seq, 2));
    assertThat(peer.rail.sent).hasSize(before + 1);
    assertThat(peer.rail.last().flags() & PING).isZero();
  }

  @Test
  @Tag("PCIEOE-65")
  void atFirstTenFramesAreUnderWay() {
    acknowledges(2);
    LinkStream stream = peer.functions.getFirst().stream;
    int before = peer.rail.sent.size();
    while (stream.claim(FlowClass.POSTED, 12 + 1024, 1024) >= 0) {
      MemorySegment write = MemorySegment.ofArray(Frames.memoryWrite(1024));
      long at = stream.claim(FlowClass.POSTED, 12 + 1024, 1024);
      MemorySegment.copy(write, 0, stream.segment(), at, 12 + 1024);
      stream.commit();
      peer.acceptor.flush(peer.nowNs);
    }
    long bytes =
        peer.rail.raw.subList(before, peer.rail.raw.size()).stream().mapToInt(f -> f.length).sum();
    assertThat(bytes).isBetween(9L * 1500, 10L * 1500);
    int sent = dataFrom(before).size();
    peer.nowNs += MS;
    acknowledges(2 + sent / 2);
    assertThat(dataFrom(before)).hasSizeGreaterThan(sent);
  }
}
