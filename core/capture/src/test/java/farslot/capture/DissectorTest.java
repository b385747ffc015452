package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tshark says with our dissector. Without tshark these tests are skipped, and say so; with
 * FARSLOT_NO_SKIP they fail.
 */
@Timeout(300)
class DissectorTest {
  private static final long START_NS = 1_767_225_600_000_000_000L;

  /** Where a packet's block has its flags: before the end of options and the length. */
  private static final int FLAGS_BEFORE_END = 12;

  @TempDir Path dir;

  @BeforeAll
  static void tshark() throws InterruptedException {
    try {
      new ProcessBuilder("tshark", "--version")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      System.err.println("NOT TESTED: the Wireshark dissector, for want of tshark");
      Assumptions.assumeTrue(System.getenv("FARSLOT_NO_SKIP") != null, "no tshark here");
      throw new AssertionError("no tshark here: apt-get install tshark", e);
    }
  }

  /**
   * @param known whether the capture knows the direction
   */
  private record Packet(boolean known, boolean inbound, byte[] bytes) {}

  private static Packet in(byte[] bytes) {
    return new Packet(true, true, bytes);
  }

  private static Packet out(byte[] bytes) {
    return new Packet(true, false, bytes);
  }

  /** A file with these packets, 10 us apart. */
  private Path file(int linkType, List<Packet> packets) throws IOException {
    Path file = Files.createTempFile(dir, "capture", ".pcapng");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    PcapngWriter writer = new PcapngWriter(all);
    writer.section("test", "");
    int face = writer.describe(linkType, "rail", "");
    long timeNs = START_NS;
    for (Packet packet : packets) {
      MemorySegment bytes = MemorySegment.ofArray(packet.bytes);
      writer.packet(face, timeNs, packet.inbound, 0, bytes, 0, packet.bytes.length);
      if (!packet.known) {
        byte[] written = all.toByteArray();
        written[written.length - FLAGS_BEFORE_END] = 0;
        all.reset();
        all.writeBytes(written);
      }
      timeNs += 10_000;
    }
    Files.write(file, all.toByteArray());
    return file;
  }

  private List<String> ask(Path file, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tshark",
                "-2",
                "-X",
                "lua_script:" + Dissector.file(),
                "-r",
                file.toString(),
                "-T",
                "fields"));
    command.addAll(List.of(options));
    Path errors = dir.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    assertThat(Files.readString(errors)).doesNotContainIgnoringCase("lua error");
    return said.lines().toList();
  }

  private List<String> info(Path file) throws Exception {
    return ask(file, "-e", "_ws.col.Info");
  }

  @Test
  void theSpecificationsFrames() throws Exception {
    List<Packet> packets = new ArrayList<>();
    Dissector.goldenFrames().values().forEach(bytes -> packets.add(out(bytes)));
    Path file = file(PcapngFormat.LINKTYPE_USER0, packets);
    List<String> info = info(file);
    assertThat(info)
        .contains(
            "HELLO: server-1 rail 0, ack 1",
            "WELCOME: appliance-1 rail 0, ack 1",
            "DATA 1: ATTACH nvme0, ack 1",
            "ACK: has 3, ack 1",
            "REFUSE: VERSION \"this end speaks version 1\", ack 0",
            "BYE: OTHER \"going down\", ack 1")
        .anyMatch(line -> line.contains("REFUSED HELD \"held by 'server-2'\""))
        .anyMatch(line -> line.contains("ATTACHED stream 1, 1b36:0010"))
        .anyMatch(line -> line.contains("CfgRd0 01:00.0 reg 000 tag 5, MWr 0xfe001008 4 B"))
        .anyMatch(line -> line.contains("HOT_RESET, DETACH \"done\""))
        .anyMatch(
            line ->
                line.contains(
                    "PUSH 0x100002002 2 B, REVOKE, PUSH 0x100003040 64 B steady, MWr 0xfe001008"))
        .anyMatch(line -> line.contains("EVENT BAR 0+1000 4096 B harmless, EVENT BAR 0+1c 8 B"))
        .anyMatch(line -> line.contains("[NAK from 1]"))
        .noneMatch(line -> line.contains("alformed"));
    assertThat(ask(file, "-Y", "pcieoe.function == \"nvme0\" && tlp", "-e", "tlp.type"))
        .containsExactly("CfgRd0,MWr", "MWr");
    assertThat(
            ask(
                file,
                "-Y",
                "pcieoe.push.steady == 1 && pcieoe.push.address >= 0x100003000",
                "-e",
                "pcieoe.push.bytes",
                "-e",
                "pcieoe.push.heard"))
        .containsExactly("2,64\t2,2");
    assertThat(ask(file, "-Y", "pcieoe.event.offset == 0x1c", "-e", "pcieoe.event.data"))
        .containsExactly("0100000000000000");
    assertThat(ask(file, "-Y", "_ws.malformed || _ws.lua.error", "-e", "frame.number")).isEmpty();
  }

  @Test
  void aPushInFragmentsIsShownWhole() throws Exception {
    ByteBuffer body = ByteBuffer.allocate(12 + 100).putLong(0x7000).putInt(9);
    byte[] head = Arrays.copyOf(body.array(), 60);
    byte[] tail = Arrays.copyOfRange(body.array(), 60, 112);
    // The second one comes first; and between other fragments of the stream one is not the other's.
    Path file =
        file(
            PcapngFormat.LINKTYPE_USER0,
            List.of(
                out(Frames.data(1, Frames.tlp(3, Frames.read(1, 0x1000, 64)))),
                out(Frames.data(3, Frames.record(3, 4, 2, tail))),
                out(Frames.data(2, Frames.record(3, 4, 3, head))),
                out(Frames.data(4, Frames.record(3, 4, 1, head))),
                out(Frames.data(5, Frames.tlp(3, Frames.read(2, 0x1000, 64))))));
    assertThat(ask(file, "-Y", "pcieoe.push.bytes == 100", "-e", "pcieoe.push.address"))
        .containsExactly("0x0000000000007000");
    assertThat(info(file).getLast()).contains("MRd 0x1000");
  }

  private List<Packet> exchange() {
    return List.of(
        out(Frames.data(1, Frames.tlp(3, Frames.read(0x2A, 0x1000, 64)))),
        in(Frames.data(1, Frames.tlp(3, Frames.answer(0x2A, 256, 32)))),
        out(Frames.frame(4, 8, 1, Frames.tlp(3, Frames.read(0x2A, 0x1000, 64)))),
        in(Frames.data(2, Frames.tlp(3, Frames.answer(0x2A, 128, 32)))));
  }

  @Test
  void completionsFindTheirRequests() throws Exception {
    Path file = file(PcapngFormat.LINKTYPE_USER0, exchange());
    assertThat(
            ask(
                file,
                "-e",
                "tlp.request_in",
                "-e",
                "tlp.completion_in",
                "-e",
                "tlp.time",
                "-E",
                "separator=/s"))
        .containsExactly(" 2 ", "1  0.000010000", "  ", "1  0.000030000");
    assertThat(info(file))
        .containsExactly(
            "DATA 1: MRd 0x1000 256 B tag 2a, ack 1",
            "DATA 1: CplD 01:00.0 tag 2a 128 B (10.0 us), ack 1",
            "DATA 1 [replayed]: MRd 0x1000 256 B tag 2a, ack 1",
            "DATA 2: CplD 01:00.0 tag 2a 128 B (30.0 us), ack 1");
  }

  @Test
  void fieldsAreForFilters() throws Exception {
    Path file = file(PcapngFormat.LINKTYPE_USER0, exchange());
    assertThat(found(file, "pcieoe.seq == 2")).containsExactly("4");
    assertThat(found(file, "pcieoe.flags.replay == 1")).containsExactly("3");
    assertThat(found(file, "pcieoe.first_seen_in == 1")).containsExactly("3");
    assertThat(found(file, "tlp.type == \"MRd\" && tlp.address == 0x1000")).hasSize(2);
    assertThat(found(file, "tlp.tag == 0x2a && tlp.status == 0")).containsExactly("2", "4");
    assertThat(found(file, "tlp.requester == 0x0100 && tlp.length == 64")).hasSize(2);
    assertThat(found(file, "pcieoe.session == 0xc0ffee01 && pcieoe.stream == 3")).hasSize(4);
    assertThat(found(file, "tlp.time > 0.00002")).containsExactly("4");
    assertThat(found(file, "pcieoe.type == 4 && pcieoe.ack == 1")).hasSize(4);
  }

  private List<String> found(Path file, String filter) throws Exception {
    return ask(file, "-Y", filter, "-e", "frame.number");
  }

  @Test
  void fragmentsArePutTogether() throws Exception {
    byte[] tlp = Frames.answer(3, 64, 16);
    byte[] head = Frames.record(2, 1, 1, Arrays.copyOf(tlp, 20));
    byte[] tail = Frames.record(2, 1, 0, Arrays.copyOfRange(tlp, 20, tlp.length));
    Path file =
        file(
            PcapngFormat.LINKTYPE_USER0,
            List.of(in(Frames.data(1, head)), in(Frames.data(2, tail))));
    assertThat(info(file))
        .containsExactly("DATA 1: fragment, ack 1", "DATA 2: CplD 01:00.0 tag 3 64 B, ack 1");
  }

  @Test
  void overTcpHoweverItIsCut() throws Exception {
    byte[] first = Frames.data(1, Frames.tlp(3, Frames.read(1, 0x1000, 1)));
    byte[] second = Frames.data(2, Frames.tlp(3, Frames.read(2, 0x2000, 1)));
    byte[] both = Frames.join(first, second);
    for (int port : new int[] {7580, 9999}) { // The second is found by heuristics.
      List<Packet> packets = new ArrayList<>();
      int[] cuts = {0, 44, 50, both.length};
      for (int i = 1; i < cuts.length; i++) {
        packets.add(out(tcp(port, 1000 + cuts[i - 1], both, cuts[i - 1], cuts[i])));
      }
      packets.add(out(tcp(port, 1000 + both.length, both, 0, both.length)));
      Path file = file(PcapngFormat.LINKTYPE_ETHERNET, packets);
      assertThat(ask(file, "-Y", "pcieoe", "-e", "tlp.address"))
          .as("port %d", port)
          .contains("0x0000000000001000,0x0000000000002000");
      assertThat(info(file).getLast()).contains("MRd 0x1000").contains(" | DATA 2");
    }
  }

  /** An Ethernet packet with a piece of a TCP stream. */
  private static byte[] tcp(int port, int seq, byte[] stream, int from, int to) {
    ByteBuffer packet = ByteBuffer.allocate(54 + to - from);
    packet.put(new byte[12]).putShort((short) 0x0800);
    packet.putShort((short) 0x4500).putShort((short) (40 + to - from)).putInt(0);
    packet.put((byte) 64).put((byte) 6).putShort((short) 0).putInt(0x7F000001).putInt(0x7F000002);
    packet.putShort((short) port).putShort((short) 40000).putInt(seq).putInt(1);
    packet.putShort((short) 0x5018).putShort((short) 0xFFFF).putInt(0);
    return packet.put(stream, from, to - from).array();
  }

  /** An Ethernet packet with a frame behind its rail header, padded. */
  private static byte[] ethernet(int from, int fromPort, int to, int toPort, byte[] frame) {
    ByteBuffer packet = ByteBuffer.allocate(Math.max(60, 18 + frame.length));
    packet.putShort((short) 0x0200).putInt(to).putShort((short) 0x0200).putInt(from);
    packet.putShort((short) 0x88B5).putShort((short) toPort).putShort((short) fromPort);
    return packet.put(frame).array();
  }

  /** The same in a VLAN. */
  private static byte[] tagged(byte[] packet) {
    ByteBuffer longer = ByteBuffer.allocate(packet.length + 4).put(packet, 0, 12);
    return longer.putInt(0x8100_A064).put(packet, 12, packet.length - 12).array();
  }

  private static Packet unknown(byte[] bytes) {
    return new Packet(false, false, bytes);
  }

  @Test
  void onEthernetWithPaddingAndVlan() throws Exception {
    byte[] packet = ethernet(1, 2000, 2, 1, Frames.frame(5, 0, 3));
    Path file = file(PcapngFormat.LINKTYPE_ETHERNET, List.of(out(packet), out(tagged(packet))));
    assertThat(info(file)).containsExactly("ACK, ack 1", "ACK, ack 1");
    assertThat(found(file, "pcieoe.src_port == 2000 && pcieoe.dst_port == 1")).hasSize(2);
    assertThat(found(file, "vlan.id == 100 && pcieoe")).containsExactly("2");
  }

  /** HELLO or WELCOME of a peer with SACK and RAILS, over that rail. */
  private static byte[] greeting(int type, int rail) {
    ByteBuffer body = ByteBuffer.allocate(56);
    body.putInt(3).putShort(10, (short) 640).put(48, (byte) 3).put(49, (byte) rail);
    return Frames.frame(type, 0, 0, body.put(52, "abc".getBytes()).array());
  }

  @Test
  void discoveryAndGreetings() throws Exception {
    byte[] discover = new byte[88];
    discover[7] = 5;
    byte[] offer = new byte[88];
    ByteBuffer.wrap(offer)
        .putShort(16, (short) 8996)
        .putShort(18, (short) 7)
        .putShort(20, (short) 2);
    ByteBuffer.wrap(offer).put(22, (byte) 3).put(24, "app".getBytes());
    ByteBuffer.wrap(offer).put(27, (byte) 2).put(28, "d0".getBytes()).put(30, (byte) 1);
    offer[31] = 'x';
    Path file =
        file(
            PcapngFormat.LINKTYPE_ETHERNET,
            List.of(
                unknown(ethernet(1, 2000, 3, 1, Frames.frame(7, 0, 0, discover))),
                unknown(ethernet(2, 1, 1, 2000, Frames.frame(8, 0, 0, offer))),
                unknown(ethernet(1, 2001, 2, 1, greeting(1, 5)))));
    assertThat(info(file))
        .containsExactly(
            "DISCOVER: anybody", "OFFER: app, 7 functions", "HELLO: abc rail 5, ack 1");
    assertThat(found(file, "pcieoe.function == \"d0\" && pcieoe.function == \"x\""))
        .containsExactly("2");
    assertThat(found(file, "pcieoe.nonce == 5")).containsExactly("1");
    assertThat(found(file, "pcieoe.reorder_frames == 640 && pcieoe.capabilities.rails == 1"))
        .containsExactly("3");
  }

  @Test
  void rangesOfFramesThatAreThere() throws Exception {
    byte[] ranges = new byte[36];
    ByteBuffer.wrap(ranges).putInt(3).putInt(4).putInt(6).putInt(9).putInt(-1).putInt(1);
    ByteBuffer.wrap(ranges).putInt(24, 20).putInt(28, 30);
    Path file = file(PcapngFormat.LINKTYPE_USER0, List.of(in(Frames.frame(5, 0, 1, ranges))));
    assertThat(info(file)).containsExactly("ACK: has 3, 6-8, 4294967295-0, and 1 more, ack 1");
    assertThat(found(file, "pcieoe.sack.first == 20 && pcieoe.sack.end == 9")).containsExactly("1");
  }

  @Test
  void aFrameIsKnownAgainOverAnotherRail() throws Exception {
    byte[] request = Frames.data(1, Frames.tlp(3, Frames.read(7, 0x1000, 1)));
    byte[] second = Frames.data(2, Frames.tlp(3, Frames.read(8, 0x2000, 1)));
    Path file =
        file(
            PcapngFormat.LINKTYPE_ETHERNET,
            List.of(
                unknown(ethernet(1, 2000, 2, 1, greeting(1, 0))),
                unknown(ethernet(2, 3000, 1, 2000, greeting(2, 0))),
                unknown(ethernet(1, 2001, 2, 1, greeting(1, 4))),
                unknown(ethernet(2, 3001, 1, 2001, greeting(2, 4))),
                unknown(ethernet(1, 2001, 2, 3001, second)),
                unknown(ethernet(1, 2000, 2, 3000, request)),
                unknown(ethernet(1, 2001, 2, 3001, request)),
                // The other end numbers its frames for itself.
                unknown(
                    ethernet(
                        2, 3000, 1, 2000, Frames.data(1, Frames.tlp(3, Frames.answer(7, 4, 1)))))));
    assertThat(info(file).subList(4, 8))
        .containsExactly(
            "DATA 2: MRd 0x2000 4 B tag 8, ack 1",
            "DATA 1 [late]: MRd 0x1000 4 B tag 7, ack 1",
            "DATA 1 [replayed]: MRd 0x1000 4 B tag 7, ack 1",
            "DATA 1: CplD 01:00.0 tag 7 4 B (20.0 us), ack 1");
    assertThat(found(file, "pcieoe.other_rail == 1 && pcieoe.first_seen_in == 6"))
        .containsExactly("7");
    assertThat(found(file, "pcieoe.rail == 4")).containsExactly("3", "4", "5", "7");
    assertThat(found(file, "pcieoe.early")).containsExactly("6");
    assertThat(found(file, "tlp.request_in == 6")).containsExactly("8");
  }

  @Test
  void fragmentsOfFramesThatCameInAnotherOrder() throws Exception {
    byte[] tlp = Frames.answer(3, 64, 16);
    byte[] head = Frames.record(2, 1, 1, Arrays.copyOf(tlp, 20));
    byte[] middle = Frames.record(2, 1, 1, Arrays.copyOfRange(tlp, 20, 40));
    byte[] tail = Frames.record(2, 1, 0, Arrays.copyOfRange(tlp, 40, tlp.length));
    byte[] whole = Frames.tlp(2, Frames.read(7, 0x1000, 1));
    Path file =
        file(
            PcapngFormat.LINKTYPE_USER0,
            List.of(
                in(Frames.data(3, Frames.join(tail, whole))),
                in(Frames.data(2, middle)),
                in(Frames.data(1, Frames.join(whole, head)))));
    List<String> info = info(file);
    assertThat(info.get(0)).contains("CplD 01:00.0 tag 3 64 B", "MRd 0x1000 4 B tag 7");
    assertThat(info.get(1)).isEqualTo("DATA 2 [late]: fragment, ack 1");
    assertThat(info.get(2)).contains("MRd 0x1000 4 B tag 7", "fragment");
  }

  @Test
  void spoiltFramesAreShownToo() {
    Fuzz.run(
        300,
        (random, iterations) -> {
          List<byte[]> good = new ArrayList<>(Dissector.goldenFrames().values());
          exchange().forEach(packet -> good.add(packet.bytes));
          List<Packet> packets = new ArrayList<>();
          for (int i = 0; i < iterations; i++) {
            byte[] bytes = good.get(random.nextInt(good.size())).clone();
            for (int spoilt = random.nextInt(4); spoilt >= 0; spoilt--) {
              bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
            }
            int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
            packets.add(new Packet(true, random.nextBoolean(), Arrays.copyOf(bytes, length)));
          }
          try {
            Path file = file(PcapngFormat.LINKTYPE_USER0, packets);
            assertThat(found(file, "_ws.lua.error")).isEmpty();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
