package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.TlpError;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames and records that are not as they must be (docs/spec/pcieoe.md, sections 3 and 4). */
class FrameConformanceTest {
  private final RawInitiator peer = new RawInitiator();

  private byte[] dataFrame(byte[]... records) {
    return Frames.frame(Frames.DATA, 0, peer.session, peer.seq, peer.expected, records);
  }

  private void assertRailEnded(FrameError error) {
    assertThat(peer.rail.closed).contains(error.name());
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
    assertThat(peer.live().counters().malformedFrames(error)).isEqualTo(1);
    assertThat(peer.rail.last().type()).isEqualTo(Frames.REFUSE);
    assertThat(peer.functions.getFirst().downs).isZero();
    peer.connect();
    peer.hello();
    assertThat(peer.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  @Tag("PCIEOE-1")
  @Tag("PCIEOE-8")
  void wrongMagicEndsTheRailNotTheSession() {
    peer.attached();
    byte[] frame = dataFrame();
    frame[0] = 0x51;
    peer.say(frame);
    assertRailEnded(FrameError.MAGIC);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 36, 41, 42, 16644, 65532})
  @Tag("PCIEOE-4")
  void wrongLengthEndsTheRailNotTheSession(int length) {
    peer.attached();
    byte[] frame = Arrays.copyOf(dataFrame(), 65532);
    ByteBuffer.wrap(frame).putShort(6, (short) length);
    peer.say(frame);
    assertRailEnded(FrameError.LENGTH);
  }

  @Test
  @Tag("PCIEOE-4")
  void aFrameLongerThanWhatArrivedEndsTheRail() {
    peer.attached();
    byte[] frame = dataFrame();
    ByteBuffer.wrap(frame).putShort(6, (short) 44);
    peer.say(frame);
    assertRailEnded(FrameError.LENGTH);
  }

  @Test
  @Tag("PCIEOE-5")
  void bytesBehindTheFrameAreIgnored() {
    peer.attached();
    byte[] frame = dataFrame(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    peer.say(Arrays.copyOf(frame, frame.length + 60));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
  }

  @Test
  @Tag("PCIEOE-6")
  void unknownFlagsAndReservedFieldsAreIgnored() {
    peer.attached();
    byte[] tlp = Frames.record(peer.stream(), 1, 0xFE, 9, Frames.memoryWrite(4));
    byte[] frame = dataFrame(tlp);
    ByteBuffer.wrap(frame).putShort(4, (short) 0xFFF0);
    peer.say(frame);
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
  }

  @Test
  @Tag("PCIEOE-6")
  void whatIsSentHasZeroesThere() {
    peer.attached();
    for (Frames.Frame frame : peer.rail.sent) {
      assertThat(frame.flags() & 0xFFF0).isZero();
      assertThat(frame.sack()).isZero();
      assertThat(frame.crc()).isZero();
    }
  }

  @Test
  @Tag("PCIEOE-7")
  void anUnreliableRailDropsFramesWithoutOrWithAWrongCrc() {
    peer.reliable = false;
    peer.attached();
    byte[] frame = dataFrame(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    peer.reliable = true;
    peer.say(frame);
    byte[] wrong = Frames.withCrc(frame.clone());
    wrong[wrong.length - 1] ^= 1;
    peer.say(wrong);
    assertThat(peer.functions.getFirst().tlps).isEmpty();
    assertThat(peer.counters().malformedFrames(FrameError.CRC)).isEqualTo(2);
    assertThat(peer.rail.closed).isNull();
    peer.say(Frames.withCrc(frame));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
  }

  @Test
  @Tag("PCIEOE-7")
  void aCrcThatIsThereIsCheckedOnAReliableRailToo() {
    peer.attached();
    byte[] frame = Frames.withCrc(dataFrame());
    frame[37] ^= 0x40;
    peer.say(frame);
    assertRailEnded(FrameError.CRC);
  }

  @Test
  @Tag("PCIEOE-7")
  void anUnreliableRailGetsFramesWithTheirCrc() {
    peer.reliable = false;
    peer.up();
    Frames.Frame welcome = peer.rail.sent.getFirst();
    assertThat(welcome.flags() & 1).isEqualTo(1);
    byte[] bytes =
        Frames.frame(
            Frames.WELCOME, welcome.flags(), welcome.session(), 0, welcome.ack(), welcome.body());
    ByteBuffer b = ByteBuffer.wrap(bytes);
    b.putInt(24, welcome.txTime()).putInt(28, welcome.echoTime()).putInt(32, welcome.echoDelay());
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(welcome.crc()).isEqualTo((int) crc.getValue());
  }

  @Test
  @Tag("PCIEOE-9")
  void nothingOfAFrameWithABadRecordIsDelivered() {
    peer.attached();
    byte[] good = Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4));
    byte[] bad = Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4));
    ByteBuffer.wrap(bad).putShort(4, (short) 400);
    peer.say(dataFrame(good, bad));
    assertRailEnded(FrameError.RECORD_LENGTH);
    assertThat(peer.functions.getFirst().tlps).isEmpty();
  }

  @Test
  @Tag("PCIEOE-9")
  void bytesLeftOverBehindTheLastRecordEndTheRail() {
    peer.attached();
    peer.say(dataFrame(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)), new byte[4]));
    assertRailEnded(FrameError.RECORD_LENGTH);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 255})
  @Tag("PCIEOE-10")
  void unknownFrameTypesEndTheRail(int type) {
    peer.attached();
    byte[] frame = dataFrame();
    frame[3] = (byte) type;
    peer.say(frame);
    assertRailEnded(FrameError.TYPE);
  }

  @Test
  @Tag("PCIEOE-11")
  void framesOfAnotherSessionAreDropped() {
    peer.attached();
    peer.session++;
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).isEmpty();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_frames.other_session", 1L);
    assertThat(peer.rail.closed).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 5, 6, 0x15, 0x7F})
  @Tag("PCIEOE-12")
  void unknownRecordKindsEndTheRail(int kind) {
    peer.attached();
    peer.say(dataFrame(Frames.record(peer.stream(), kind, 0, 9, new byte[4])));
    assertRailEnded(FrameError.RECORD_KIND);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xFF})
  @Tag("PCIEOE-12")
  void skippableRecordKindsAreSkipped(int kind) {
    peer.attached();
    byte[] skipped = Frames.record(peer.stream(), kind, 0, 9, new byte[5]);
    peer.data(skipped, Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
    assertThat(peer.counters().snapshot()).containsEntry("dropped_records.skippable", 1L);
  }

  @Test
  @Tag("PCIEOE-13")
  void recordsOfUnknownStreamsAreDropped() {
    peer.attached();
    for (int stream : new int[] {0, peer.stream() + 1, 65535}) {
      peer.data(Frames.tlp(stream, 9, Frames.memoryWrite(4)));
    }
    assertThat(peer.counters().snapshot()).containsEntry("dropped_records.unknown_stream", 3L);
    assertThat(peer.rail.closed).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0x02, 0",
    "0x02, 11",
    "0x10, 39",
    "0x10, 40",
    "0x11, 63",
    "0x11, 64",
    "0x12, 7",
    "0x13, 3",
    "0x14, 3"
  })
  @Tag("PCIEOE-59")
  void bodiesThatAreTooShortEndTheRail(int kind, int bodyBytes) {
    // 40 and 64 zero bytes are long enough, but have no names and no epoch.
    peer.attached();
    peer.say(dataFrame(Frames.record(peer.stream(), kind, 0, 9, new byte[bodyBytes])));
    assertRailEnded(FrameError.RECORD_BODY);
  }

  @Test
  @Tag("PCIEOE-59")
  void whatIsForTheSessionIsDroppedInAStream() {
    peer.attached();
    byte[] attach = Frames.attach(2, 0, 64, 1024, "other");
    attach[1] = (byte) peer.stream();
    peer.data(attach);
    assertThat(peer.functions).hasSize(1);
    assertThat(peer.counters().snapshot()).containsEntry("dropped_records.unknown_stream", 1L);
    assertThat(peer.rail.closed).isNull();
  }

  @Test
  @Tag("PCIEOE-14")
  void recordsWithAStaleEpochAreDropped() {
    peer.attached();
    peer.data(Frames.tlp(peer.stream(), 8, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).isEmpty();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_records.stale_epoch", 1L);
  }

  @Test
  @Tag("PCIEOE-15")
  void fragmentsMakeATlpAcrossFrames() {
    peer.attached();
    byte[] tlp = Frames.memoryWrite(256);
    int stream = peer.stream();
    peer.data(Frames.record(stream, 1, 1, 9, Arrays.copyOfRange(tlp, 0, 100)));
    peer.data(
        Frames.record(stream, 1, 1, 9, Arrays.copyOfRange(tlp, 100, 104)),
        Frames.record(stream, 1, 0, 9, Arrays.copyOfRange(tlp, 104, 268)));
    assertThat(peer.functions.getFirst().tlps)
        .containsExactly(java.util.HexFormat.of().formatHex(tlp));
  }

  @Test
  @Tag("PCIEOE-15")
  void fragmentsThatAreInterruptedAreDropped() {
    peer.attached();
    byte[] tlp = Frames.memoryWrite(256);
    int stream = peer.stream();
    peer.data(Frames.record(stream, 1, 1, 9, Arrays.copyOfRange(tlp, 0, 100)));
    peer.data(Frames.credit(stream, 9, 0, 64, 1024), Frames.tlp(stream, 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
    assertThat(peer.counters().snapshot()).containsEntry("dropped_tlps.broken_fragments", 1L);
  }

  @Test
  @Tag("PCIEOE-15")
  @Tag("PCIEOE-16")
  void fragmentsWithoutEndAreBounded() {
    peer.attached();
    byte[] part = new byte[1000];
    part[0] = 0x40;
    for (int i = 0; i < 100; i++) {
      peer.data(Frames.record(peer.stream(), 1, 1, 9, part));
    }
    peer.data(Frames.record(peer.stream(), 1, 0, 9, part));
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
    assertThat(peer.counters().droppedTlpsMalformed(TlpError.TOO_LONG)).isEqualTo(1);
  }

  @Test
  @Tag("PCIEOE-16")
  void malformedTlpsAreDroppedAndCostOnlyThemselves() {
    peer.grants = new Credits(8, 512, 8, 512, 0, 0);
    peer.attached();
    byte[] lies = Frames.memoryWrite(64);
    lies[3] = 8;
    byte[] crosses = Frames.memoryWrite(64);
    ByteBuffer.wrap(crosses).putInt(8, 0x1FF0);
    // Many more than there are credits: those of dropped TLPs come back too.
    for (int i = 0; i < 40; i++) {
      peer.data(Frames.tlp(peer.stream(), 9, lies), Frames.tlp(peer.stream(), 9, crosses));
    }
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
    assertThat(peer.counters().droppedTlpsMalformed(TlpError.LENGTH_MISMATCH)).isEqualTo(40);
    assertThat(peer.counters().droppedTlpsMalformed(TlpError.CROSSES_PAGE)).isEqualTo(40);
    assertThat(peer.functions.getFirst().downs).isZero();
  }

  @Test
  @Tag("PCIEOE-17")
  void tlpsLongerThanTheAgreedPayloadAreDropped() {
    peer.attached();
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(516)));
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(512)));
    assertThat(peer.functions.getFirst().tlps).hasSize(1);
    assertThat(peer.counters().snapshot()).containsEntry("dropped_tlps.payload_too_long", 1L);
  }

  @Test
  @Tag("PCIEOE-52")
  void namesWithControlCharactersAreMalformed() {
    peer.attached();
    peer.say(dataFrame(Frames.attach(2, 0, 64, 1024, "di\nsk")));
    assertRailEnded(FrameError.RECORD_BODY);
  }

  @Test
  @Tag("PCIEOE-52")
  void textsAreCleanedOfControlCharacters() {
    peer.attached();
    peer.data(Frames.parting(peer.stream(), 0x13, 9, "a\u001b[31mb\nc"));
    assertThat(peer.hasEvent("by the initiator: a?[31mb?c")).isTrue();
  }
}
