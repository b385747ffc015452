package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordingTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final TlpFilter all = new TlpFilter(Set.of(), null);

  private Recording recording(Recording.Format format, String function, TlpFilter filter)
      throws IOException {
    return new Recording(
        out,
        new Recording.Options(format, function, filter, 100, 1000, true),
        (session, stream) -> stream == 1 ? "disk0" : stream == 2 ? "disk1" : "",
        "");
  }

  private static void put(Recording recording, boolean inbound, byte[] frame) {
    recording.onFrame(1, inbound, 5, 0, MemorySegment.ofArray(frame), 0, frame.length);
  }

  private List<byte[]> packets() throws IOException {
    PcapngReader reader = new PcapngReader(new ByteArrayInputStream(out.toByteArray()));
    List<byte[]> packets = new ArrayList<>();
    for (var block = reader.next(); block.isPresent(); block = reader.next()) {
      if (block.get().type() == PcapngFormat.ENHANCED_PACKET) {
        ByteBuffer body = block.get().body();
        byte[] packet = new byte[body.getInt(12)];
        body.get(20, packet);
        packets.add(packet);
      }
    }
    return packets;
  }

  @Test
  void writesFramesAsTheyAre() throws IOException {
    Recording recording = recording(Recording.Format.PCIEOE, "", all);
    recording.onRail(1, "tcp 10.0.0.2:7580");
    byte[] ack = Frames.frame(5, 0, 3);
    byte[] broken = {1, 2, 3, 4};
    put(recording, true, ack);
    put(recording, false, broken);
    recording.finish(2, 0, 9);
    assertThat(packets()).containsExactly(ack, broken);
    assertThat(out.toString(java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("PCIeoE over tcp 10.0.0.2:7580");
  }

  private static byte[] push(int seq, int stream, long address, int bytes) {
    byte[] body = ByteBuffer.allocate(12 + bytes).putLong(address).putInt(0).array();
    return Frames.data(seq, Frames.record(stream, 4, 2, body));
  }

  @Test
  void filtersPushesByFunctionTypeAndAddress() throws IOException {
    byte[] first = push(1, 1, 0x1_0000_1000L, 64);
    byte[] tail = Frames.data(6, Frames.record(1, 4, 0, new byte[40]));
    TlpFilter there = new TlpFilter(Set.of(), new TlpFilter.Range(0x1_0000_103FL, 0x1_0000_1040L));
    Recording recording = recording(Recording.Format.PCIEOE, "disk0", there);
    put(recording, true, first);
    put(recording, true, push(2, 2, 0x1_0000_1000L, 64));
    put(recording, true, push(3, 1, 0x1_0000_1041L, 64));
    put(recording, true, push(4, 1, 0x1_0000_103EL, 1));
    // Cut in two: the range is in the second half.
    byte[] head = ByteBuffer.allocate(20).putLong(0x1_0000_1010L).putInt(0).array();
    put(recording, true, Frames.data(5, Frames.record(1, 4, 1, head)));
    put(recording, true, tail);
    assertThat(packets()).containsExactly(first, tail);
    out.reset();
    recording = recording(Recording.Format.PCIEOE, "", new TlpFilter(Set.of("push"), null));
    put(recording, true, Frames.data(1, Frames.tlp(1, Frames.read(1, 0x1000, 1))));
    put(recording, true, push(2, 2, 0x1000, 64));
    assertThat(packets()).containsExactly(push(2, 2, 0x1000, 64));
    out.reset();
    recording = recording(Recording.Format.NETTLP, "", all);
    put(recording, true, push(1, 2, 0x1000, 64));
    assertThat(packets()).as("no TLP").isEmpty();
  }

  @Test
  void filtersByFunctionAndType() throws IOException {
    byte[] first = Frames.data(1, Frames.tlp(1, Frames.read(1, 0x1000, 1)));
    byte[] second = Frames.data(2, Frames.tlp(2, Frames.read(1, 0x1000, 1)));
    byte[] third = Frames.data(3, Frames.tlp(1, Frames.write(0x1000, 1)));
    Recording recording =
        recording(Recording.Format.PCIEOE, "disk0", new TlpFilter(Set.of("mrd"), null));
    put(recording, true, first);
    put(recording, true, second);
    put(recording, true, third);
    put(recording, true, Frames.frame(5, 0, 3));
    assertThat(packets()).containsExactly(first);
    assertThatThrownBy(() -> new TlpFilter(Set.of("Read"), null))
        .hasMessageContaining("'Read' is no TLP's type")
        .hasMessageContaining("CfgRd0");
  }

  @Test
  void anAddressTakesItsCompletionsToo() throws IOException {
    TlpFilter.Range range = new TlpFilter.Range(0x1FFC, 0x1FFF);
    Recording recording = recording(Recording.Format.PCIEOE, "", new TlpFilter(Set.of(), range));
    byte[] read = Frames.data(1, Frames.tlp(1, Frames.read(1, 0x1F00, 64)));
    byte[] part = Frames.data(1, Frames.tlp(1, Frames.answer(1, 256, 32)));
    byte[] rest = Frames.data(2, Frames.tlp(1, Frames.answer(1, 128, 32)));
    put(recording, true, read);
    put(recording, true, Frames.data(2, Frames.tlp(1, Frames.read(2, 0x1F00, 63))));
    put(recording, false, part);
    put(recording, false, rest);
    put(recording, false, Frames.data(3, Frames.tlp(1, Frames.answer(2, 252, 63))));
    put(recording, false, Frames.data(4, Frames.tlp(1, Frames.answer(1, 128, 32))));
    assertThat(packets()).containsExactly(read, part, rest);
  }

  @Test
  void netTlpIsAsLibtlpHasIt() throws IOException {
    Recording recording = recording(Recording.Format.NETTLP, "", all);
    byte[] read = Frames.read(0x5A, 0x1000, 1);
    byte[] answer = Frames.answer(0x5A, 4, 1);
    put(recording, false, Frames.data(1, Frames.tlp(1, read)));
    put(recording, false, Frames.data(1, Frames.tlp(1, read)));
    put(recording, true, Frames.data(1, Frames.tlp(1, answer)));
    put(recording, true, Frames.data(2, Frames.tlp(1, read)));
    put(recording, false, Frames.data(2, Frames.tlp(1, answer)));
    List<byte[]> packets = packets();
    assertThat(packets).hasSize(4);
    // The device reads from the host: 0x3000 + tag, from .3 to .1; the header's checksum is its
    // own.
    String hex =
        "001122334455 020000000003 0800 4500002e00004000 4011a56a c0a80a03 c0a80a01"
            + "305a 305a 001a 0000 0000 00000000";
    byte[] header = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(packets.get(0)).isEqualTo(Frames.join(header, read));
    assertThat(port(packets.get(1))).isEqualTo(0x305A);
    // The host reads from the device: 0x4000 + the tag's low 4 bits.
    assertThat(port(packets.get(2))).isEqualTo(0x400A);
    assertThat(port(packets.get(3))).isEqualTo(0x400A);
    assertThat(ByteBuffer.wrap(packets.get(3)).getShort(42)).isEqualTo((short) 3);
  }

  private static int port(byte[] packet) {
    return ByteBuffer.wrap(packet).getShort(36);
  }

  @Test
  void fragmentsArePutTogether() throws IOException {
    Recording recording = recording(Recording.Format.NETTLP, "disk1", all);
    byte[] tlp = Frames.answer(3, 64, 16);
    byte[] head = Frames.record(2, 1, 1, Arrays.copyOf(tlp, 20));
    byte[] tail = Frames.record(2, 1, 0, Arrays.copyOfRange(tlp, 20, tlp.length));
    put(recording, true, Frames.data(1, head));
    put(recording, false, Frames.data(1, head)); // The other direction is another matter.
    put(recording, true, Frames.data(2, tail, head));
    put(recording, true, Frames.data(3, Frames.tlp(1, Frames.read(1, 0, 1)), tail));
    List<byte[]> packets = packets();
    assertThat(packets).hasSize(1);
    assertThat(Arrays.copyOfRange(packets.get(0), 48, packets.get(0).length)).isEqualTo(tlp);
  }

  @Test
  void stopsAtItsCount() throws IOException {
    Recording recording =
        new Recording(
            out,
            new Recording.Options(Recording.Format.PCIEOE, "", all, 2, 0, true),
            (session, stream) -> "",
            "");
    for (int i = 0; i < 3; i++) {
      put(recording, true, Frames.data(i + 1));
    }
    assertThat(recording.complete()).isTrue();
    assertThat(packets()).hasSize(2);
  }

  @Test
  void seenFramesAreAWindow() {
    SeenFrames frames = new SeenFrames();
    assertThat(frames.first(-2)).isTrue();
    assertThat(frames.first(1)).isTrue();
    assertThat(frames.first(0)).isTrue();
    assertThat(frames.first(0)).isFalse();
    assertThat(frames.first(-2)).isFalse();
    assertThat(frames.first(60_000)).isTrue();
    assertThat(frames.first(2)).isTrue();
    assertThat(frames.first(59_999)).isTrue();
    assertThat(frames.first(2)).isFalse();
    assertThat(frames.first(-2)).isFalse();
    assertThat(frames.first(70_000)).isTrue();
    assertThat(frames.first(4_465)).isTrue();
    assertThat(frames.first(4_464)).isFalse();
    assertThat(frames.first(60_000)).isFalse();
  }

  @Test
  void fragmentsOfFramesThatCameInAnotherOrder() throws IOException {
    Recording recording = recording(Recording.Format.NETTLP, "disk1", all);
    byte[] tlp = Frames.answer(3, 64, 16);
    byte[] head = Frames.record(2, 1, 1, Arrays.copyOf(tlp, 20));
    byte[] middle = Frames.record(2, 1, 1, Arrays.copyOfRange(tlp, 20, 40));
    byte[] tail = Frames.record(2, 1, 0, Arrays.copyOfRange(tlp, 40, tlp.length));
    byte[] other = Frames.tlp(1, Frames.read(1, 0, 1));
    put(recording, true, Frames.data(1, other));
    put(recording, true, Frames.data(4, tail, other));
    put(recording, true, Frames.data(3, middle));
    put(recording, true, Frames.data(2, other, head));
    List<byte[]> packets = packets();
    assertThat(packets).hasSize(1);
    assertThat(Arrays.copyOfRange(packets.get(0), 48, packets.get(0).length)).isEqualTo(tlp);
  }

  @Test
  void anyBytesAreSurvived() {
    Fuzz.run(
        20_000,
        (random, iterations) -> {
          try {
            TlpFilter filter = new TlpFilter(Set.of("MRd", "CplD"), new TlpFilter.Range(0, -1));
            Recording recording =
                new Recording(
                    java.io.OutputStream.nullOutputStream(),
                    new Recording.Options(
                        Recording.Format.NETTLP, "disk0", filter, Long.MAX_VALUE, 0, false),
                    (session, stream) -> "disk0",
                    "");
            byte[] good =
                Frames.data(
                    1,
                    Frames.record(1, 1, 1, Frames.write(0x1000, 1)),
                    Frames.tlp(1, Frames.read(1, 0x1000, 64)),
                    Frames.tlp(1, Frames.answer(1, 64, 16)));
            for (int i = 0; i < iterations; i++) {
              byte[] bytes = random.nextInt(9) == 0 ? Fuzz.bytes(random, 60) : good.clone();
              for (int spoilt = random.nextInt(5); spoilt > 0; spoilt--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
              }
              put(recording, random.nextBoolean(), bytes);
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
