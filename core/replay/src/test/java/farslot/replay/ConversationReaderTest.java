package farslot.replay;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.capture.PcapngFormat;
import farslot.capture.PcapngWriter;
import farslot.replay.Utterance.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from captures: whose TLPs, in which order, from whatever rails. */
class ConversationReaderTest {
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final PcapngWriter writer = new PcapngWriter(file);
  private long timeNs = 1_000_000;

  private void begin(String comment) throws IOException {
    writer.section("test", comment);
    writer.describe(PcapngFormat.LINKTYPE_USER0, "one", "");
    writer.describe(PcapngFormat.LINKTYPE_ETHERNET, "two", "");
  }

  private void packet(int face, boolean inbound, byte[] bytes) throws IOException {
    timeNs += 1000;
    writer.packet(face, timeNs, inbound, 0, MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  private ConversationReader.Contents read() throws IOException {
    return ConversationReader.read(new ByteArrayInputStream(file.toByteArray()));
  }

  private static byte[] tlp(int stream, byte[] tlp) {
    return Bits.record(stream, 1, 0, tlp);
  }

  @Test
  void functionsAreKnownByTheirAttach() throws IOException {
    begin("initiator x\n");
    packet(0, false, Bits.frame(1, Bits.attach(5, "disk0")));
    packet(0, true, Bits.frame(1, Bits.attached(5, 3)));
    packet(
        0,
        false,
        Bits.frame(2, tlp(3, Bits.read(1, 0x1000, 1)), Bits.record(3, 3, 0, new byte[0])));
    packet(0, true, Bits.frame(2, tlp(3, Bits.answer(1, 0, 42))));
    Conversation said = read().conversations().getFirst();
    assertThat(said.function()).isEqualTo("disk0");
    assertThat(said.utterances().stream().map(Utterance::kind))
        .containsExactly(Kind.RESET, Kind.SERVER, Kind.RESET, Kind.CARD);
    assertThat(said.utterances().stream().map(Utterance::packet)).containsExactly(2L, 3L, 3L, 4L);
    assertThat(said.utterances().get(1).timeNs()).isEqualTo(1_003_000);
  }

  @Test
  void pushesAreTheServers() throws IOException {
    begin("");
    byte[] push = Bits.push(0x8000, 1, 2, 3, 4, 5);
    packet(0, true, Bits.frame(1, Bits.record(3, 4, 3, Arrays.copyOf(push, 20))));
    packet(
        0,
        true,
        Bits.frame(
            2,
            Bits.record(3, 4, 2, Arrays.copyOfRange(push, 20, push.length)),
            Bits.record(3, 4, 0, Bits.push(0x8FFC, 7)),
            Bits.record(3, 4, 0, Bits.push(0x8FFC, 7, 8)), // Goes beyond its page: not taken.
            tlp(3, Bits.write(0x2000, 2)),
            Bits.record(3, 6, 0, new byte[0])));
    packet(0, false, Bits.frame(1, tlp(3, Bits.write(0x9000, 5))));
    List<Utterance> said = read().conversations().getFirst().utterances();
    assertThat(said.stream().map(Utterance::kind))
        .containsExactly(Kind.STEADY_PUSH, Kind.PUSH, Kind.SERVER, Kind.REVOKE, Kind.CARD);
    assertThat(said.getFirst().tlp()).isEqualTo(push);
    assertThat(said.get(1).address()).isEqualTo(0x8FFC);
  }

  @Test
  void orByWhatTheFileSaysOfStreamsThatWereUp() throws IOException {
    begin("appliance a\nserver-a, session 00000007: stream 3 ('disk7', epoch 9)\n");
    packet(0, true, Bits.frame(100, tlp(3, Bits.write(0x1000, 1)), tlp(4, Bits.write(0, 1))));
    List<Conversation> all = read().conversations();
    assertThat(all.stream().map(Conversation::function)).containsExactly("disk7", "00000007/4");
    // What comes to an appliance is the server's.
    assertThat(all.getFirst().utterances().getFirst().kind()).isEqualTo(Kind.SERVER);
  }

  @Test
  void framesOfSeveralRailsArePutIntoOrder() throws IOException {
    begin("");
    byte[] tlp = Bits.write(0x1000, 1, 2, 3, 4);
    byte[] head = Bits.record(3, 1, 1, Arrays.copyOf(tlp, 20));
    byte[] tail = Bits.record(3, 1, 0, Arrays.copyOfRange(tlp, 20, tlp.length));
    packet(0, false, Bits.frame(1, tlp(3, Bits.configWrite(4, 7))));
    packet(0, false, Bits.frame(4, tlp(3, Bits.write(0x3000, 4))));
    packet(0, false, Bits.frame(3, tail));
    packet(0, false, Bits.frame(2, tlp(3, Bits.write(0x2000, 2)), head));
    packet(0, false, Bits.frame(3, tail)); // Sent again.
    ConversationReader.Contents contents = read();
    assertThat(contents.missingFrames()).isZero();
    assertThat(contents.conversations().getFirst().utterances().stream().map(Utterance::tlp))
        .containsExactly(Bits.configWrite(4, 7), Bits.write(0x2000, 2), tlp, Bits.write(0x3000, 4));
  }

  @Test
  void whatIsMissingIsCountedAndPassedOver() throws IOException {
    begin("");
    for (int seq : new int[] {1, 2, 5, 6, 9}) {
      packet(0, false, Bits.frame(seq, tlp(3, Bits.write(0x1000 * seq, seq))));
    }
    ConversationReader.Contents contents = read();
    assertThat(contents.missingFrames()).isEqualTo(4);
    assertThat(contents.conversations().getFirst().utterances()).hasSize(5);
  }

  @Test
  void rawEthernetWithAndWithoutVlan() throws IOException {
    begin("");
    byte[] frame = Bits.frame(1, tlp(3, Bits.configWrite(4, 7)));
    packet(1, false, ethernet(new byte[] {(byte) 0x88, (byte) 0xB5}, frame));
    frame = Bits.frame(2, tlp(3, Bits.write(0x1000, 1)));
    packet(
        1, false, ethernet(new byte[] {(byte) 0x81, 0, 0, 100, (byte) 0x88, (byte) 0xB5}, frame));
    assertThat(read().conversations().getFirst().utterances().stream().map(Utterance::kind))
        .containsExactly(Kind.SERVER, Kind.SERVER);
  }

  private static byte[] ethernet(byte[] type, byte[] frame) {
    ByteBuffer b = ByteBuffer.allocate(12 + type.length + 4 + frame.length + 10);
    b.position(12);
    return b.put(type).putInt(0x0001_2000).put(frame).array();
  }
}
