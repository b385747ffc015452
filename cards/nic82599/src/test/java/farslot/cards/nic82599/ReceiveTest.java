package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import farslot.testkit.FakeRootComplex;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames in buffers, and what descriptors say of them. */
class ReceiveTest {
  private static final int DD = 1;
  private static final int EOP = 2;
  private static final int VP = 8;
  private static final int UDPCS = 0x10;
  private static final int L4CS = 0x20;
  private static final int IPCS = 0x40;
  private static final int TCPE = 1 << 30;
  private static final int IPE = 1 << 31;

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

  private static byte[] plain(int bytes) {
    return Frames.ethernet(0x88B5, Frames.random(bytes - 14, bytes));
  }

  private static byte[] tcp(int bytes) {
    byte[] frame =
        Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(0x10, Frames.random(bytes, 1))));
    return Frames.withL4Checksum(frame, 16);
  }

  private Driver.Filled receive(byte[] frame) {
    return receive(frame, 0);
  }

  private Driver.Filled receive(byte[] frame, int queue) {
    assertThat(bridge.give(frame)).isTrue();
    root.run();
    return driver.next(queue);
  }

  @Test
  void aFrameIsInABuffer() {
    Driver.Filled filled = receive(plain(1514));
    assertThat(filled.bytes()).isEqualTo(plain(1514));
    assertThat(filled.status()).isEqualTo(DD | EOP);
    assertThat(filled.info()).isZero();
    assertThat(filled.rss()).isZero();
    assertThat(driver.read(0x1010)).as("head").isEqualTo(1);
    assertThat(driver.read(0x101C)).isEqualTo(1);
    assertThat(driver.read(0x1020)).isEqualTo(1518);
    assertThat(driver.read(0x1034)).as("multicasts").isZero();
  }

  @Test
  void groupsAreCounted() {
    byte[] frame = plain(64);
    frame[0] = 1;
    receive(frame);
    Arrays.fill(frame, 0, 6, (byte) 0xFF);
    receive(frame);
    assertThat(driver.read(0x1034)).as("without broadcasts").isEqualTo(1);
  }

  @Test
  void octetsHave36Bits() {
    byte[] frame = plain(1514);
    for (int i = 0; i < 10; i++) {
      receive(frame);
    }
    assertThat(driver.read(0x1024)).isZero();
    Statistics statistics = new Statistics();
    for (int i = 0; i < 33; i++) {
      statistics.sent(Integer.MAX_VALUE - 4);
    }
    long bytes = 33L * Integer.MAX_VALUE & 0xF_FFFF_FFFFL;
    assertThat(statistics.read(0x2020)).isEqualTo((int) bytes);
    assertThat(statistics.read(0x2024)).isEqualTo((int) (bytes >>> 32)).isLessThan(16);
    assertThat(statistics.read(0x201C)).isEqualTo(33);
  }

  @Test
  void aLongFrameTakesSeveralDescriptors() {
    assertThat(bridge.give(tcp(8946))).isTrue();
    root.run();
    List<Driver.Filled> all = driver.all(0);
    assertThat(all).hasSize(5);
    byte[][] parts = all.stream().map(Driver.Filled::bytes).toArray(byte[][]::new);
    assertThat(Frames.join(parts)).isEqualTo(tcp(8946));
    assertThat(all.stream().limit(4)).allMatch(each -> each.status() == DD);
    assertThat(all.getLast().status()).isEqualTo(DD | EOP | IPCS | L4CS);
    assertThat(driver.read(0x1010)).isEqualTo(5);
  }

  @Test
  void theRingGoesRound() {
    for (int i = 0; i < 5 * Driver.RING; i++) {
      assertThat(receive(plain(100 + i)).bytes()).isEqualTo(plain(100 + i));
      if (i % 16 == 15) {
        driver.give(0, 16);
      }
    }
    assertThat(root.interrupts().vectors()).as("masked after the first").hasSize(1);
  }

  @Test
  void framesWaitUntilThereAreDescriptors() {
    for (int i = 0; i < Driver.RING + 5; i++) {
      assertThat(bridge.give(plain(100 + i))).isTrue();
      root.run();
    }
    assertThat(driver.all(0)).hasSize(Driver.RING - 1);
    driver.give(0, 4);
    root.run();
    assertThat(driver.all(0).stream().map(each -> each.bytes().length))
        .containsExactly(99 + Driver.RING, 100 + Driver.RING, 101 + Driver.RING, 102 + Driver.RING);
    driver.give(0, 4);
    root.run();
    assertThat(driver.all(0)).hasSize(2);
  }

  @Test
  void aFrameNeedsAllItsDescriptors() {
    for (int i = 0; i < Driver.RING - 3; i++) {
      bridge.give(plain(100));
      root.run();
    }
    driver.all(0);
    assertThat(bridge.give(plain(5000))).as("three, of two").isTrue();
    root.run();
    assertThat(driver.all(0)).isEmpty();
    driver.give(0, 1);
    root.run();
    assertThat(driver.all(0)).hasSize(3);
  }

  @Test
  void aFrameThatNoRingOfThisLengthCanTakeIsDropped() {
    assertThat(bridge.give(plain(2048 * Driver.RING))).isFalse();
    assertThat(receive(plain(100)).bytes()).isEqualTo(plain(100));
  }

  @Test
  void framesWaitForDescriptorsOnTheWay() {
    root.holdReads(true);
    driver = new Driver(root, 0x10_0000, 4 << 20).up();
    for (int i = 0; i < 20; i++) {
      assertThat(bridge.give(plain(100 + i))).isTrue();
    }
    root.run();
    assertThat(driver.all(0)).isEmpty();
    root.holdReads(false);
    root.releaseReads(true);
    List<Driver.Filled> all = driver.all(0);
    assertThat(all).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(all.get(i).bytes()).isEqualTo(plain(100 + i));
    }
  }

  @Test
  void whatWaitsIsBounded() {
    root.holdReads(true);
    driver = new Driver(root, 0x10_0000, 4 << 20).up();
    int taken = 0;
    while (bridge.give(plain(9000))) {
      taken++;
    }
    assertThat(taken).isEqualTo((512 << 10) / 9008);
    driver.write(0x1028, 0);
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(driver.read(0x1028) & Driver.ENABLE).isZero();
    assertThat(bridge.give(plain(100))).isFalse();
  }

  @Test
  void framesWaitForTheLink() {
    root.up().block(FlowClass.POSTED, true);
    int taken = 0;
    while (taken < 40 && bridge.give(plain(100 + taken))) {
      taken++;
    }
    assertThat(taken).isEqualTo(40);
    root.up().block(FlowClass.POSTED, false);
    root.run();
    List<Driver.Filled> all = driver.all(0);
    assertThat(all).hasSize(40);
    for (int i = 0; i < 40; i++) {
      assertThat(all.get(i).bytes()).isEqualTo(plain(100 + i));
    }
  }

  // ---- what is said of a frame

  @Test
  void tcpOverIpv4() {
    Driver.Filled filled = receive(tcp(100), driver == null ? 0 : queue(tcp(100)));
    assertThat(filled.info()).isEqualTo(1 | 1 << 4 | 1 << 8);
    assertThat(filled.status()).isEqualTo(DD | EOP | IPCS | L4CS);
    assertThat(filled.rss()).isNotZero();
  }

  /** Where the redirection table sends it: entries go round four queues. */
  private int queue(byte[] frame) {
    Received received = new Received();
    received.inspect(java.lang.foreign.MemorySegment.ofArray(frame), 0, frame.length);
    return received.rss & 3;
  }

  @Test
  void checksumsAreLookedAt() {
    byte[] frame = tcp(101);
    frame[154]++;
    assertThat(receive(frame, queue(frame)).status()).isEqualTo(DD | EOP | IPCS | L4CS | TCPE);
    frame[154]--;
    frame[22]--;
    assertThat(receive(frame, queue(frame)).status()).isEqualTo(DD | EOP | IPCS | L4CS | IPE);
  }

  @Test
  void udpOverIpv6() {
    byte[] bare = Frames.ethernet(0x86DD, Frames.ipv6(17, Frames.udp(new byte[33])));
    byte[] frame = Frames.withL4Checksum(bare, 6);
    Driver.Filled filled = receive(frame, queue(frame));
    assertThat(filled.info()).isEqualTo(5 | 1 << 6 | 1 << 9);
    assertThat(filled.status()).isEqualTo(DD | EOP | L4CS | UDPCS);
    assertThat(receive(bare, queue(bare)).status())
        .as("none, which IPv6 must have")
        .isEqualTo(DD | EOP | L4CS | UDPCS | TCPE);
  }

  @Test
  void udpWithoutChecksum() {
    byte[] frame = Frames.ethernet(0x0800, Frames.ipv4(17, Frames.udp(new byte[33])));
    assertThat(receive(frame, queue(frame)).status()).isEqualTo(DD | EOP | IPCS);
  }

  @Test
  void fragmentsAreHashedByTheirAddressesOnly() {
    byte[] frame = tcp(100);
    frame[20] = 0x20;
    Frames.put16(frame, 24, 0);
    Frames.put16(frame, 24, ~Frames.sum(frame, 14, 20, 0));
    Driver.Filled filled = receive(frame, queue(frame));
    assertThat(filled.info()).isEqualTo(2 | 1 << 4);
    assertThat(filled.status()).isEqualTo(DD | EOP | IPCS);
  }

  @Test
  void paddingIsNotPartOfThePacket() {
    byte[] frame = Arrays.copyOf(tcp(1), 60);
    frame[59] = 77;
    assertThat(receive(frame, queue(frame)).status()).isEqualTo(DD | EOP | IPCS | L4CS);
  }

  @Test
  void extensionHeadersAreLookedThrough() {
    byte[] inner = Frames.udp(new byte[20]);
    byte[] bare = Frames.withL4Checksum(Frames.ethernet(0x86DD, Frames.ipv6(17, inner)), 6);
    byte[] udp = Arrays.copyOfRange(bare, 54, bare.length);
    byte[] options = {17, 0, 1, 4, 0, 0, 0, 0};
    byte[] frame = Frames.ethernet(0x86DD, Frames.ipv6(60, Frames.join(options, udp)));
    Driver.Filled filled = receive(frame, queue(frame));
    assertThat(filled.info()).isEqualTo(5 | 1 << 6 | 1 << 7 | 1 << 9);
    assertThat(filled.status()).isEqualTo(DD | EOP | L4CS | UDPCS);
  }

  @Test
  void headersThatLieAreNoHeaders() {
    byte[] frame = tcp(10);
    for (int i = 12; i < 54; i++) {
      byte[] lie = frame.clone();
      for (int value : new int[] {0, 0x0F, 0xF0, 0xFF}) {
        lie[i] = (byte) value;
        for (int bytes : new int[] {14, 20, 33, 34, 40, 53, 64}) {
          assertThat(bridge.give(Arrays.copyOf(lie, bytes))).isTrue();
        }
      }
      root.run();
      for (int q = 0; q < 4; q++) {
        driver.give(q, driver.all(q).size());
      }
    }
  }

  @Test
  void tagsAreTakenOut() {
    byte[] frame = tcp(100);
    Driver.Filled filled = receive(Frames.tagged(0x6064, frame), queue(frame));
    assertThat(filled.bytes()).isEqualTo(frame);
    assertThat(filled.vlan()).isEqualTo(0x6064);
    assertThat(filled.status()).isEqualTo(DD | EOP | VP | IPCS | L4CS);
    assertThat(filled.info()).isEqualTo(1 | 1 << 4 | 1 << 8);
  }

  @Test
  void tagsStayWhereTheyAreNotTakenOut() {
    driver.write(0x1028, Driver.ENABLE);
    byte[] frame = Frames.tagged(5, plain(100));
    Driver.Filled filled = receive(frame);
    assertThat(filled.bytes()).isEqualTo(frame);
    assertThat(filled.status()).isEqualTo(DD | EOP);
  }

  @Test
  void framesGoOverTheQueuesThatRqplNames() {
    byte[] frame = tcp(100);
    boolean[] seen = new boolean[4];
    for (int i = 0; i < 64; i++) {
      Frames.put16(frame, 34, 1000 + i);
      assertThat(receive(frame, queue(frame))).isNotNull();
      seen[queue(frame)] = true;
    }
    assertThat(seen).containsOnly(true);
    driver.write(Driver.PSRTYPE, 1 << 29);
    for (int i = 0; i < 16; i++) {
      Frames.put16(frame, 34, 1000 + i);
      assertThat(receive(frame, queue(frame) & 1)).isNotNull();
    }
    driver.write(Driver.PSRTYPE, 0);
    for (int i = 0; i < 16; i++) {
      Frames.put16(frame, 34, 1000 + i);
      assertThat(receive(frame, 0)).isNotNull();
    }
  }

  // ---- headers apart (drivers of 2.6 and 3.x)

  private void split(int type) {
    driver.write(0x1028, 0);
    driver = new Driver(root, 0x10_0000, 4 << 20).reset();
    driver.write(Driver.PSRTYPE, 0x1330);
    driver.receiveQueue(0, type << 25 | 4 << 8 | 2);
  }

  @Test
  void headersGoIntoTheirOwnBuffer() {
    split(2);
    Driver.Filled filled = receive(Frames.tagged(7, tcp(100)));
    assertThat(filled.headerInfo()).isEqualTo(0x8000 | 54 << 5);
    assertThat(driver.memory.getBytes(filled.header(), 54)).isEqualTo(Arrays.copyOf(tcp(100), 54));
    assertThat(filled.bytes()).isEqualTo(Arrays.copyOfRange(tcp(100), 54, 154));
    assertThat(filled.vlan()).isEqualTo(7);
    filled = receive(plain(1000));
    assertThat(filled.headerInfo()).isEqualTo(0x8000 | 14 << 5);
    assertThat(filled.bytes()).hasSize(986);
    filled = receive(tcp(0));
    assertThat(filled.headerInfo()).isEqualTo(0x8000 | 54 << 5);
    assertThat(filled.bytes()).as("nothing behind it").isEmpty();
  }

  @Test
  void headerBuffersAreFilledAlways() {
    split(5);
    driver.write(Driver.PSRTYPE, 0);
    Driver.Filled filled = receive(tcp(1000));
    assertThat(filled.headerInfo()).isEqualTo(0x8000 | 256 << 5);
    assertThat(filled.bytes()).isEqualTo(Arrays.copyOfRange(tcp(1000), 256, 1054));
  }

  // ---- what no driver does

  @Test
  void buffersOfNoSizeTakeNothing() {
    driver.write(0x1014, 1 << 25);
    assertThat(bridge.give(plain(100))).isFalse();
  }

  @Test
  void unknownKindsOfDescriptorsTakeNothing() {
    for (int type : new int[] {0, 3, 4, 6, 7}) {
      driver.write(0x1014, type << 25 | 2);
      assertThat(bridge.give(plain(100))).isFalse();
    }
  }

  @Test
  void queuesThatAreOffTakeNothing() {
    driver.write(Driver.CTRL, 1 << 26);
    assertThat(bridge.give(plain(100))).isFalse();
    assertThat(driver.read(0x1028)).isZero();
  }

  @Test
  void tailsBeyondTheRingHang() {
    driver.write(0x1018, Driver.RING);
    assertThat(bridge.give(plain(100))).isFalse();
    driver = new Driver(root, 0x10_0000, 4 << 20).up();
    assertThat(receive(plain(100))).isNotNull();
  }

  @Test
  void ringsThatAreNotThereHang() {
    driver.write(0x1028, 0);
    driver.write(0x1004, 0x7777);
    driver.write(0x1028, Driver.ENABLE);
    driver.write(0x1018, 20);
    root.run();
    assertThat(bridge.give(plain(100))).isFalse();
    driver = new Driver(root, 0x10_0000, 4 << 20).up();
    assertThat(receive(plain(100))).isNotNull();
  }

  @Test
  void buffersThatAreNotThereLoseTheirFrames() {
    driver.memory.putLong(driver.rxRing[0], 0x7777_0000_0000L);
    driver = new Driver(root, 0x10_0000, 4 << 20).up();
    driver.write(0x1028, 0);
    driver.memory.putLong(driver.rxRing[0], 0x7777_0000_0000L);
    driver.write(0x1010, 0);
    driver.write(0x1028, Driver.ENABLE);
    bridge.give(plain(100));
    bridge.give(plain(101));
    root.run();
    List<Driver.Filled> all = driver.all(0);
    assertThat(all).hasSize(2);
    assertThat(all.get(1).bytes()).isEqualTo(plain(101));
  }
}
