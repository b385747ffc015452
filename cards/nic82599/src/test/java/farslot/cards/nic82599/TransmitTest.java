package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeRootComplex;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of descriptors: frames, and what they ask the card to do to them. */
class TransmitTest {
  private static final int TSE = 1 << 31;
  private static final int VLE = 1 << 30;
  private static final int IXSM = 1 << 8;
  private static final int TXSM = 2 << 8;
  private static final int IPV4 = 1 << 10;
  private static final int TCP = 1 << 11;
  private static final int SCTP = 2 << 11;
  private static final int DATA = 3 << 20 | 1 << 29;
  private static final int EOP = 1 << 24;
  private static final int RS = 1 << 27;

  private final FakeBridge bridge = new FakeBridge();
  private FakeRootComplex root;
  private Driver driver;

  @BeforeEach
  void setUp() {
    root = new FakeRootComplex(new VirtualFunction(bridge));
    root.enumerate();
    root.enableMsix();
    root.memory().map(0x10_0000, 4 << 20);
    driver = new Driver(root, 0x10_0000, 4 << 20).up(4);
    root.interrupts().clear();
  }

  private byte[] only() {
    assertThat(bridge.frames).hasSize(1);
    return bridge.frames.getFirst();
  }

  private static byte[] plain(int bytes) {
    return Frames.ethernet(0x88B5, Frames.random(bytes - 14, bytes));
  }

  @Test
  void aFrameGoesOutAsItIs() {
    byte[] frame = plain(1514);
    int index = driver.packet(0, frame, 0, 0);
    driver.ring(0);
    assertThat(only()).isEqualTo(frame);
    assertThat(driver.sent(0, index)).isTrue();
    assertThat(driver.memory.getLong(driver.txRing[0])).as("reserved").isZero();
    assertThat(driver.read(0x2010)).as("head").isEqualTo(1);
    assertThat(root.interrupts().count(0)).isEqualTo(1);
    assertThat(driver.read(0x201C)).isEqualTo(1);
    assertThat(driver.read(0x2020)).isEqualTo(1518);
  }

  @Test
  void shortFramesArePaddedWithZeros() {
    byte[] frame = plain(20);
    driver.packet(0, frame, 0, 0);
    driver.ring(0);
    assertThat(only()).isEqualTo(Arrays.copyOf(frame, 60));
  }

  @Test
  void piecesAreOnePacketAndOnlyTheLastReports() {
    byte[] frame = plain(1000);
    long at = driver.allocate(1000);
    driver.memory.putBytes(at, frame);
    int first = driver.descriptor(0, at, DATA | 10, 0);
    int none = driver.descriptor(0, 0xDEAD_0000_0000L, DATA, 0);
    driver.descriptor(0, at + 10, DATA | 500, 0);
    driver.ring(0);
    assertThat(bridge.frames).as("without an end").isEmpty();
    int last = driver.descriptor(0, at + 510, DATA | 490 | EOP | RS, 0);
    driver.ring(0);
    assertThat(only()).isEqualTo(frame);
    assertThat(driver.sent(0, first)).isFalse();
    assertThat(driver.sent(0, none)).isFalse();
    assertThat(driver.sent(0, last)).isTrue();
  }

  @Test
  void withoutRsNothingIsSaid() {
    long at = driver.allocate(100);
    int index = driver.descriptor(0, at, DATA | 100 | EOP, 0);
    driver.ring(0);
    assertThat(bridge.frames).hasSize(1);
    assertThat(driver.sent(0, index)).isFalse();
    assertThat(root.interrupts().vectors()).isEmpty();
    assertThat(driver.read(0x2010)).isEqualTo(1);
  }

  @Test
  void theHeadInsteadOfDescriptors() {
    long head = driver.allocate(4);
    driver.write(0x2038, (int) head | 1);
    driver.write(0x203C, 0);
    int index = driver.packet(0, plain(100), 0, 0);
    driver.packet(0, plain(100), 0, 0);
    driver.ring(0);
    assertThat(driver.memory.getInt(head)).isEqualTo(2);
    assertThat(driver.sent(0, index)).isFalse();
    assertThat(root.interrupts().count(0)).isEqualTo(1);
  }

  @Test
  void manyPacketsKeepTheirOrderHoweverTheirDataCome() {
    for (int round = 0; round < 5; round++) {
      bridge.frames.clear();
      root.holdReads(true);
      for (int i = 0; i < Driver.RING - 1; i++) {
        driver.packet(0, plain(60 + i), 0, 0);
      }
      driver.ring(0);
      for (int i = 0; i < 10; i++) {
        root.releaseReads(true);
      }
      root.holdReads(false);
      root.releaseReads(true);
      assertThat(bridge.frames).extracting(frame -> frame.length).isSorted().hasSize(63);
    }
  }

  @Test
  void descriptorsComeManyAtATimeAndDataTogether() {
    root.holdReads(true);
    for (int i = 0; i < 20; i++) {
      driver.packet(0, plain(100), 0, 0);
    }
    driver.ring(0);
    assertThat(root.heldReads()).as("one fetch").isEqualTo(1);
    root.releaseReads(false);
    assertThat(root.heldReads()).as("all data").isEqualTo(20);
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(bridge.frames).hasSize(20);
    assertThat(root.interrupts().count(0)).isEqualTo(1);
  }

  // ---- offloads

  @Test
  void checksumsOfTcp() {
    byte[] frame = Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(0x18, Frames.random(101, 1))));
    driver.context(0, 14, 20, 0, IPV4 | TCP, 20, 0);
    driver.packet(0, Frames.withPseudo(frame, 16, true), 0, TXSM);
    driver.ring(0);
    assertThat(only()).isEqualTo(Frames.withL4Checksum(frame, 16));
    assertThat(Frames.right(only())).isTrue();
  }

  @Test
  void checksumsOfIpv4() {
    byte[] frame = Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(0x18, new byte[40])));
    byte[] wrong = Frames.withL4Checksum(frame, 16);
    byte[] right = wrong.clone();
    Frames.put16(wrong, 24, 0xBAD);
    driver.context(0, 14, 20, 0, IPV4 | TCP, 0, 0);
    driver.packet(0, wrong, 0, IXSM);
    driver.ring(0);
    assertThat(only()).isEqualTo(right);
  }

  @Test
  void checksumsOfUdpAreNeverZero() {
    byte[] frame = Frames.ethernet(0x86DD, Frames.ipv6(17, Frames.udp(new byte[20])));
    byte[] made = Frames.withL4Checksum(frame, 6);
    // A payload that makes the sum 0xFFFF.
    Frames.put16(frame, 62, Frames.get16(made, 60));
    driver.context(0, 14, 40, 0, 0, 8, 0);
    driver.packet(0, Frames.withPseudo(frame, 6, true), 0, TXSM);
    driver.ring(0);
    assertThat(Frames.get16(only(), 60)).isEqualTo(0xFFFF);
    assertThat(Frames.right(only())).isTrue();
  }

  @Test
  void checksumsOfSctp() {
    byte[] payload = Frames.random(60, 3);
    byte[] frame = Frames.ethernet(0x0800, Frames.ipv4(132, payload));
    driver.context(0, 14, 20, 0, IPV4 | SCTP, 0, 0);
    driver.packet(0, frame, 0, TXSM);
    driver.ring(0);
    Arrays.fill(payload, 8, 12, (byte) 0);
    CRC32C crc = new CRC32C();
    crc.update(payload);
    byte[] sent = only();
    int found = Integer.reverseBytes(Frames.get32(sent, 42));
    assertThat(found).isEqualTo((int) crc.getValue());
  }

  @Test
  void aTagIsPutIn() {
    byte[] frame = plain(100);
    driver.context(0, 14, 0, 0x6064, 0, 0, 0);
    driver.packet(0, frame, VLE, 0);
    driver.packet(0, frame, 0, 0);
    driver.ring(0);
    assertThat(bridge.frames.get(0)).isEqualTo(Frames.tagged(0x6064, frame));
    assertThat(bridge.frames.get(1)).isEqualTo(frame);
  }

  @Test
  void twoContextsAreKept() {
    byte[] frame = plain(100);
    driver.context(0, 14, 0, 1, 0, 0, 0);
    driver.descriptor(0, 2 << 16 | 14 << 9, 2 << 20 | 1 << 29, 1 << 4);
    driver.packet(0, frame, VLE, 1 << 4);
    driver.packet(0, frame, VLE, 0);
    driver.ring(0);
    assertThat(bridge.frames.get(0)).isEqualTo(Frames.tagged(2, frame));
    assertThat(bridge.frames.get(1)).isEqualTo(Frames.tagged(1, frame));
  }

  private static byte[] tcpFrame(boolean six, int flags, byte[] payload) {
    byte[] tcp = Frames.tcp(flags, payload);
    return six
        ? Frames.ethernet(0x86DD, Frames.ipv6(6, tcp))
        : Frames.ethernet(0x0800, Frames.ipv4(6, tcp));
  }

  /** Sends a segmented packet in two pieces, as drivers do, and returns the frames. */
  private List<byte[]> segment(byte[] frame, int ipBytes, int mss, int command, int tag) {
    int header = 14 + ipBytes + 20;
    int ip = ipBytes == 20 ? IPV4 : 0;
    byte[] offered = Frames.withPseudo(frame, 16, false);
    if (ip != 0) {
      Frames.put16(offered, 16, 0);
      Frames.put16(offered, 24, 0);
    }
    long at = driver.allocate(offered.length);
    driver.memory.putBytes(at, offered);
    driver.context(0, 14, ipBytes, tag, ip | TCP, 20, mss);
    int olinfo = (frame.length - header) << 14 | TXSM | (ip != 0 ? IXSM : 0);
    driver.descriptor(0, at, DATA | header | TSE | command, olinfo);
    int left = frame.length - header;
    for (int done = 0; done < left; done += 16384) {
      int part = Math.min(16384, left - done);
      int last = done + part == left ? EOP | RS : 0;
      driver.descriptor(0, at + header + done, DATA | part | last, 0);
    }
    driver.ring(0);
    return bridge.frames;
  }

  @Test
  void segmentsOfIpv4() {
    byte[] payload = Frames.random(60_000, 9);
    List<byte[]> frames = segment(tcpFrame(false, 0x99, payload), 20, 1460, 0, 0);
    assertThat(frames).hasSize(42);
    int at = 0;
    for (int i = 0; i < frames.size(); i++) {
      byte[] frame = frames.get(i);
      int part = Math.min(1460, payload.length - at);
      assertThat(frame).hasSize(54 + part);
      assertThat(Frames.right(frame)).as("checksums of %d", i).isTrue();
      assertThat(Frames.get16(frame, 16)).as("total length").isEqualTo(40 + part);
      assertThat(Frames.get16(frame, 18)).as("identification").isEqualTo(0x1234 + i);
      assertThat(Frames.get32(frame, 38)).as("sequence").isEqualTo(0xFFFF_FF00 + at);
      int flags = i == 0 ? 0x90 : i == frames.size() - 1 ? 0x19 : 0x10;
      assertThat(frame[47] & 0xFF).as("flags of %d", i).isEqualTo(flags);
      assertThat(Arrays.copyOfRange(frame, 54, frame.length))
          .isEqualTo(Arrays.copyOfRange(payload, at, at + part));
      at += part;
    }
    assertThat(driver.read(0x201C)).isEqualTo(42);
  }

  @Test
  void segmentsOfIpv6WithTags() {
    byte[] payload = Frames.random(5000, 8);
    List<byte[]> frames = segment(tcpFrame(true, 0x10, payload), 40, 1400, VLE, 0x123);
    assertThat(frames).hasSize(4);
    int at = 0;
    for (byte[] frame : frames) {
      int part = Math.min(1400, payload.length - at);
      assertThat(frame).hasSize(78 + part);
      assertThat(Frames.get32(frame, 12)).isEqualTo(0x8100_0123);
      byte[] untagged =
          Frames.join(Arrays.copyOf(frame, 12), Arrays.copyOfRange(frame, 16, frame.length));
      assertThat(Frames.right(untagged)).isTrue();
      assertThat(Frames.get16(untagged, 18)).isEqualTo(20 + part);
      assertThat(Frames.get32(untagged, 58)).isEqualTo(0xFFFF_FF00 + at);
      assertThat(Arrays.copyOfRange(frame, 78, frame.length))
          .isEqualTo(Arrays.copyOfRange(payload, at, at + part));
      at += part;
    }
  }

  @Test
  void smallSegmentsArePaddedAndWhole() {
    byte[] payload = Frames.random(100, 7);
    List<byte[]> frames = segment(tcpFrame(false, 0x10, payload), 20, 1, 0, 0);
    assertThat(frames).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(frames.get(i)).hasSize(60);
      assertThat(frames.get(i)[54]).isEqualTo(payload[i]);
      assertThat(Frames.right(frames.get(i))).isTrue();
    }
  }

  @Test
  void datagramsAreCutToo() {
    byte[] payload = Frames.random(1000, 6);
    byte[] frame = Frames.ethernet(0x0800, Frames.ipv4(17, Frames.udp(payload)));
    driver.context(0, 14, 20, 0, IPV4, 8, 400);
    driver.packet(0, Frames.withPseudo(frame, 6, false), TSE, 1000 << 14 | TXSM | IXSM);
    driver.ring(0);
    assertThat(bridge.frames).hasSize(3);
    for (byte[] each : bridge.frames) {
      assertThat(Frames.right(each)).isTrue();
      assertThat(Frames.get16(each, 38)).isEqualTo(each.length - 34);
    }
  }

  @Test
  void theLongestPacketFits() {
    int mss = 9000;
    byte[] payload = Frames.random((256 << 10) - 54, 5);
    byte[] frame = tcpFrame(false, 0x10, payload);
    List<byte[]> frames = segment(frame, 20, mss, 0, 0);
    assertThat(frames).hasSize((payload.length + mss - 1) / mss);
    assertThat(driver.read(0x2010)).isEqualTo(18);
  }

  // ---- what no driver does

  private void assertHangs(int queue) {
    int before = bridge.frames.size();
    driver.packet(queue, plain(100), 0, 0);
    driver.ring(queue);
    root.advance(1_000_000_000);
    assertThat(bridge.frames).as("queue %d hangs", queue).hasSize(before);
    int other = queue ^ 1;
    int index = driver.packet(other, plain(100), 0, 0);
    driver.ring(other);
    assertThat(driver.sent(other, index)).as("the others do not").isTrue();
    driver = new Driver(root, 0x10_0000, 4 << 20).up(4);
    index = driver.packet(queue, plain(100), 0, 0);
    driver.ring(queue);
    assertThat(driver.sent(queue, index)).as("after a reset").isTrue();
  }

  @Test
  void offloadsWithoutContextHang() {
    driver.packet(0, tcpFrame(false, 0, new byte[100]), TSE, 100 << 14 | TXSM | IXSM);
    driver.ring(0);
    assertThat(bridge.frames).isEmpty();
    assertHangs(0);
  }

  @Test
  void segmentsOfNothingHang() {
    driver.context(0, 14, 20, 0, IPV4 | TCP, 20, 0);
    driver.packet(0, tcpFrame(false, 0, new byte[100]), TSE, 100 << 14 | TXSM | IXSM);
    driver.ring(0);
    assertThat(bridge.frames).isEmpty();
    assertHangs(0);
  }

  @Test
  void headersBeyondThePacketHang() {
    int[][] contexts = {{127, 511, 255}, {14, 20, 19}, {13, 20, 20}, {14, 19, 20}, {14, 120, 20}};
    for (int[] lengths : contexts) {
      driver.context(0, lengths[0], lengths[1], 0, IPV4 | TCP, lengths[2], 10);
      int payload = 154 - lengths[0] - lengths[1] - lengths[2];
      driver.packet(0, tcpFrame(false, 0, new byte[100]), TSE, payload << 14 | TXSM | IXSM);
      driver.ring(0);
      assertThat(bridge.frames).isEmpty();
      assertHangs(0);
      bridge.frames.clear();
    }
  }

  @Test
  void checksumsBeyondThePacketHang() {
    driver.context(0, 14, 20, 0, IPV4 | TCP, 20, 0);
    driver.packet(0, plain(40), 0, TXSM);
    driver.ring(0);
    assertHangs(0);
  }

  @Test
  void aPayloadOfAnotherLengthHangs() {
    driver.context(0, 14, 20, 0, IPV4 | TCP, 20, 50);
    driver.packet(0, tcpFrame(false, 0, new byte[100]), TSE, 101 << 14 | TXSM | IXSM);
    driver.ring(0);
    assertHangs(0);
  }

  @Test
  void framesOfNoLengthHang() {
    for (int bytes : new int[] {0, 16}) {
      driver.descriptor(0, driver.allocate(64), DATA | bytes | EOP | RS, 0);
      driver.ring(0);
      assertHangs(0);
      bridge.frames.clear();
    }
    driver.descriptor(0, driver.allocate(64), DATA | 15900 | EOP | RS, 0);
    driver.ring(0);
    assertHangs(0);
  }

  @Test
  void packetsWithoutEndHang() {
    long at = driver.allocate(64);
    for (int i = 0; i < 40; i++) {
      driver.descriptor(0, at, DATA | 64, 0);
    }
    driver.ring(0);
    assertHangs(0);
  }

  @Test
  void legacyAndUnknownDescriptorsHang() {
    for (int type : new int[] {EOP | RS | 64, 1 << 29 | 4 << 20 | EOP | 64, 1 << 29 | EOP | 64}) {
      driver.descriptor(1, driver.allocate(64), type, 0);
      driver.ring(1);
      assertHangs(1);
      bridge.frames.clear();
    }
  }

  @Test
  void aContextInsideAPacketHangs() {
    driver.descriptor(0, driver.allocate(64), DATA | 64, 0);
    driver.context(0, 14, 20, 0, 0, 0, 0);
    driver.packet(0, plain(64), 0, 0);
    driver.ring(0);
    assertHangs(0);
  }

  @Test
  void tailsBeyondTheRingHang() {
    driver.write(0x2018, Driver.RING);
    assertHangs(0);
    driver.write(0x2018, 0xFFFF);
    assertHangs(0);
  }

  @Test
  void memoryThatIsNotThereHangs() {
    driver.descriptor(0, 0x7777_0000_0000L, DATA | 100 | EOP | RS, 0);
    driver.ring(0);
    assertHangs(0);
    driver.descriptor(0, -50, DATA | 100 | EOP | RS, 0);
    driver.ring(0);
    assertHangs(0);
  }

  @Test
  void ringsThatAreNotThereHang() {
    driver.write(0x2028, 0);
    driver.write(0x2004, 0x7777);
    driver.write(0x2028, Driver.ENABLE);
    driver.write(0x2018, 5);
    assertHangs(0);
    driver.write(0x2028, 0);
    driver.write(0x2008, 0);
    driver.write(0x2028, Driver.ENABLE);
    driver.write(0x2018, 1);
    assertHangs(0);
  }

  @Test
  void aQueueIsOnAgainOnlyWhenNothingIsUnderWay() {
    root.holdReads(true);
    driver.packet(0, plain(100), 0, 0);
    driver.ring(0);
    driver.write(0x2028, 0);
    assertThat(driver.read(0x2028) & Driver.ENABLE).as("not yet off").isNotZero();
    driver.write(0x2028, Driver.ENABLE);
    assertThat(driver.read(0x2028) & Driver.ENABLE).as("not yet on").isZero();
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(driver.read(0x2028) & Driver.ENABLE).isNotZero();
    assertThat(bridge.frames).as("the head has not moved, so it is sent now").hasSize(1);
  }

  @Test
  void nothingComesOfAResetQueue() {
    root.holdReads(true);
    driver.packet(0, plain(100), 0, 0);
    driver.ring(0);
    driver.write(Driver.CTRL, 1 << 26);
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(bridge.frames).isEmpty();
    assertThat(driver.read(0x2028)).isZero();
    assertThat(driver.read(0x2018)).isZero();
  }
}
