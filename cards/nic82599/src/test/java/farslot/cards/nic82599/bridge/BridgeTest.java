package farslot.cards.nic82599.bridge;

import static farslot.cards.nic82599.bridge.Net.frame;
import static farslot.cards.nic82599.bridge.Net.tag;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nic82599.bridge.PortPolicy.Link;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class BridgeTest {
  private static final long A = 0x02_00_00_00_00_01L;
  private static final long B = 0x02_00_00_00_00_02L;
  private static final long C = 0x02_00_00_00_00_03L;
  private static final long OUT = 0x52_54_00_00_00_09L;
  private static final long ALL = 0xFFFF_FFFF_FFFFL;
  private static final long GROUP = 0x01_00_5E_00_12_34L;
  private static final String IP = "0800" + "45".repeat(46);

  /** A port with an address; the rest as usual. */
  private static PortPolicy mac(long mac) {
    return policy(mac, 0, false, true);
  }

  private static PortPolicy policy(long mac, int vlan, boolean trust, boolean spoofCheck) {
    BitSet any = PortPolicy.usual().vlans();
    return new PortPolicy(mac, vlan, any, 0, 0, 1 << 17, trust, spoofCheck, Link.AUTO);
  }

  private static long dropped(BridgePort port, String why) {
    return port.counts().getOrDefault("dropped: " + why, 0L);
  }

  @Test
  void stationsOfTheSwitchAreReachedDirectlyAndOthersByTheUplink() {
    Net net = new Net(mac(A), mac(B), mac(C));
    assertThat(net.send(0, frame(B, A, IP))).isTrue();
    assertThat(net.guest(1).came()).containsExactly(frame(B, A, IP));
    assertThat(net.guest(2).came()).isEmpty();
    assertThat(net.uplink.came()).isEmpty();
    assertThat(net.send(0, frame(OUT, A, IP))).isTrue();
    assertThat(net.uplink.came()).containsExactly(frame(OUT, A, IP));
    assertThat(net.guest(1).came()).isEmpty();
    net.fromUplink(frame(C, OUT, IP));
    assertThat(net.guest(2).came()).containsExactly(frame(C, OUT, IP));
    net.fromUplink(frame(OUT + 1, OUT, IP));
    assertThat(net.guest(0).came()).isEmpty();
    assertThat(net.uplink.came()).as("never back").isEmpty();
    assertThat(net.port(0).counts())
        .containsEntry("frames sent", 2L)
        .containsEntry("bytes sent", 2L * 60);
    assertThat(net.port(2).counts()).containsEntry("frames received", 1L);
    assertThat(net.port(0).counts())
        .containsEntry("uplink frames sent", 2L)
        .containsEntry("uplink frames received", 1L);
    assertThat(net.port(2).counts()).doesNotContainKey("uplink frames sent");
  }

  @Test
  void broadcastsReachEverybodyButTheirSender() {
    Net net = new Net(mac(A), mac(B), mac(C));
    net.port(2).xcast(XcastMode.NONE);
    net.send(0, frame(ALL, A, IP));
    assertThat(net.guest(0).came()).isEmpty();
    assertThat(net.guest(1).came()).hasSize(1);
    assertThat(net.guest(2).came()).as("in mode NONE").isEmpty();
    assertThat(net.uplink.came()).hasSize(1);
  }

  @Test
  void groupsReachThoseWhoseHashTableHasThem() {
    Net net = new Net(mac(A), mac(B), policy(C, 0, true, true));
    net.send(0, frame(GROUP, A, IP));
    assertThat(net.guest(1).came()).isEmpty();
    // 01:00:5e:00:12:34: 1 | 34 << 4
    net.port(1).multicast(new int[] {0x341, 0x7777}, 1);
    net.send(0, frame(GROUP, A, IP));
    assertThat(net.guest(1).came()).hasSize(1);
    net.send(0, frame(GROUP ^ 0x1000, A, IP));
    assertThat(net.guest(1).came()).isEmpty();
    assertThat(net.port(1).xcast(XcastMode.ALLMULTI)).isEqualTo(XcastMode.MULTI);
    assertThat(net.port(2).xcast(XcastMode.ALLMULTI)).isEqualTo(XcastMode.ALLMULTI);
    net.send(0, frame(GROUP ^ 0x1000, A, IP));
    assertThat(net.guest(1).came()).isEmpty();
    assertThat(net.guest(2).came()).hasSize(1);
    net.port(1).reset();
    net.send(0, frame(GROUP, A, IP));
    assertThat(net.guest(1).came()).as("forgotten by reset").isEmpty();
  }

  @Test
  void promiscuityNeedsTrust() {
    Net net = new Net(mac(A), mac(B), policy(C, 0, true, true), mac(C + 1));
    assertThat(net.port(3).xcast(XcastMode.PROMISC)).isEqualTo(XcastMode.MULTI);
    assertThat(net.port(2).xcast(XcastMode.PROMISC)).isEqualTo(XcastMode.PROMISC);
    net.send(0, frame(B, A, IP));
    net.fromUplink(frame(A, OUT, IP));
    net.fromUplink(frame(OUT + 1, OUT, IP));
    assertThat(net.guest(2).came()).hasSize(3);
    assertThat(net.guest(3).came()).isEmpty();
    // Other VLANs are not shown even so.
    net.fromUplink(frame(OUT + 1, OUT, tag(7) + IP));
    assertThat(net.guest(2).came()).isEmpty();
  }

  @Test
  void portVlansAreTagsOnTheUplinkAndNowhereElse() {
    Net net =
        new Net(
            policy(A, 100, false, true), policy(B, 100, false, true), policy(C, 200, true, true));
    net.port(2).xcast(XcastMode.PROMISC);
    net.send(0, frame(ALL, A, IP));
    assertThat(net.guest(1).came()).containsExactly(frame(ALL, A, IP));
    assertThat(net.guest(2).came()).as("another VLAN, though promiscuous").isEmpty();
    assertThat(net.uplink.came()).containsExactly(frame(ALL, A, tag(100) + IP));
    net.send(0, frame(C, A, IP));
    assertThat(net.guest(2).came()).isEmpty();
    assertThat(net.uplink.came()).containsExactly(frame(C, A, tag(100) + IP));
    net.fromUplink(frame(A, OUT, tag(0xE000 | 100) + IP));
    assertThat(net.guest(0).came()).containsExactly(frame(A, OUT, IP));
    net.fromUplink(frame(A, OUT, IP));
    net.fromUplink(frame(A, OUT, tag(200) + IP));
    net.fromUplink(frame(ALL, OUT, IP));
    assertThat(net.guest(0).came()).as("of other VLANs, or none").isEmpty();
    // A priority without a VLAN becomes a priority in it.
    net.send(0, frame(OUT, A, tag(0x6000) + IP));
    assertThat(net.uplink.came()).containsExactly(frame(OUT, A, tag(0x6000 | 100) + IP));
    net.send(0, frame(B, A, tag(0x6000) + IP));
    assertThat(net.guest(1).came()).containsExactly(frame(B, A, IP));
    assertThat(net.send(0, frame(B, A, tag(100) + IP))).isFalse();
    assertThat(net.send(0, frame(B, A, tag(200) + IP))).isFalse();
    assertThat(dropped(net.port(0), "foreign vlans")).isEqualTo(2);
    assertThat(net.port(0).vlan(200, true)).isFalse();
    assertThat(net.port(0).portVlan()).isEqualTo(100);
  }

  @Test
  void tagsOfTheGuestsOwnNeedMembership() {
    BitSet some = new BitSet();
    some.set(10);
    some.set(20);
    PortPolicy limited = new PortPolicy(A, 0, some, 0, 0, 1 << 17, false, true, Link.AUTO);
    Net net = new Net(limited, mac(B), policy(C, 10, false, true));
    assertThat(net.send(0, frame(B, A, tag(10) + IP))).as("not joined").isFalse();
    assertThat(net.port(0).vlan(10, true)).isTrue();
    assertThat(net.port(0).vlan(30, true)).as("not permitted").isFalse();
    assertThat(net.port(0).vlan(4095, true)).isFalse();
    assertThat(net.port(0).vlan(0, true)).isTrue();
    assertThat(net.send(0, frame(B, A, tag(10) + IP))).isTrue();
    assertThat(net.guest(1).came()).as("B has not joined").isEmpty();
    assertThat(net.uplink.came()).containsExactly(frame(B, A, tag(10) + IP));
    net.port(1).vlan(10, true);
    net.send(0, frame(B, A, tag(10) + IP));
    assertThat(net.guest(1).came()).containsExactly(frame(B, A, tag(10) + IP));
    net.send(0, frame(C, A, tag(10) + IP));
    assertThat(net.guest(2).came()).as("its port's own VLAN").containsExactly(frame(C, A, IP));
    net.send(2, frame(A, C, IP));
    assertThat(net.guest(0).came()).containsExactly(frame(A, C, tag(10) + IP));
    net.port(0).vlan(10, false);
    net.fromUplink(frame(A, OUT, tag(10) + IP));
    assertThat(net.guest(0).came()).isEmpty();
  }

  @Test
  void tagsThatOthersMightReadOtherwiseDoNotPass() {
    Net net = new Net(policy(A, 0, true, false), policy(B, 100, false, true));
    for (String tags :
        new String[] {"88a80064" + IP, "91000064" + IP, tag(0) + tag(100) + IP, tag(0xFFF) + IP}) {
      assertThat(net.send(0, frame(B, A, tags))).as(tags).isFalse();
      assertThat(net.send(1, frame(A, B, tags))).as(tags).isFalse();
    }
    assertThat(net.uplink.came()).isEmpty();
    assertThat(dropped(net.port(0), "foreign vlans")).isEqualTo(4);
  }

  @Test
  void sourcesThatAreNotThePortsAreSpoofed() {
    Net net = new Net(mac(A), policy(B, 0, false, false));
    assertThat(net.send(0, frame(B, C, IP))).isFalse();
    assertThat(net.send(0, frame(ALL, B, IP))).isFalse();
    assertThat(dropped(net.port(0), "spoofed addresses")).isEqualTo(2);
    assertThat(net.send(1, frame(A, C, IP))).as("permitted here").isTrue();
    assertThat(net.guest(0).came()).hasSize(1);
    // And learned: C is behind port 1 now.
    net.send(0, frame(C, A, IP));
    assertThat(net.guest(1).came()).hasSize(1);
    assertThat(net.uplink.came()).isEmpty();
    net.nowNs += Learned.AGE_NS + 1;
    net.send(0, frame(C, A, IP));
    assertThat(net.guest(1).came()).as("forgotten").isEmpty();
    assertThat(net.uplink.came()).hasSize(1);
  }

  @Test
  void anAddressThatMovesToTheUplinkAndBackIsFollowed() {
    Net net = new Net(mac(A), mac(B));
    // A's bond works with its own card, somewhere behind the uplink.
    net.fromUplink(frame(ALL, A, IP));
    net.guest(1).came();
    net.send(1, frame(A, B, IP));
    assertThat(net.uplink.came()).containsExactly(frame(A, B, IP));
    assertThat(net.guest(0).came()).hasSize(1).allMatch(f -> f.startsWith("ffffffffffff"));
    // From outside, who asks for A may also be told by the port that has the address.
    net.fromUplink(frame(A, OUT, IP));
    assertThat(net.guest(0).came()).hasSize(1);
    // It fails over to the lent function.
    net.send(0, frame(ALL, A, IP));
    net.guest(1).came();
    net.send(1, frame(A, B, IP));
    assertThat(net.guest(0).came()).containsExactly(frame(A, B, IP));
  }

  @Test
  void addressesByTheGuestWherePermitted() {
    Net net = new Net(mac(A), PortPolicy.usual(), policy(C, 0, true, true));
    long made = net.port(1).mac();
    assertThat(Mac.isStation(made)).isTrue();
    assertThat(net.port(0).setMac(A)).isTrue();
    assertThat(net.port(0).setMac(A + 9)).as("set by the appliance").isFalse();
    assertThat(net.port(0).addMac(A + 9)).isFalse();
    assertThat(net.port(1).setMac(A)).as("another port's").isFalse();
    assertThat(net.port(1).setMac(GROUP)).isFalse();
    assertThat(net.port(1).setMac(0)).isFalse();
    assertThat(net.port(1).setMac(B)).isTrue();
    assertThat(net.port(1).mac()).isEqualTo(B);
    assertThat(net.send(1, frame(A, made, IP))).as("the old one is not its own").isFalse();
    assertThat(net.port(2).setMac(C + 1)).as("trusted").isTrue();
    for (int i = 0; i < BridgePort.EXTRA_MACS_MAX; i++) {
      assertThat(net.port(1).addMac(0x02_11_00_00_00_00L + i)).isTrue();
    }
    assertThat(net.port(1).addMac(0x02_11_00_00_01_00L)).as("one too many").isFalse();
    net.send(0, frame(0x02_11_00_00_00_1FL, A, IP));
    assertThat(net.guest(1).came()).hasSize(1);
    net.port(1).clearMacs();
    net.send(0, frame(0x02_11_00_00_00_1FL, A, IP));
    assertThat(net.guest(1).came()).isEmpty();
    net.port(1).reset();
    assertThat(net.port(1).mac()).isEqualTo(made);
  }

  @Test
  void aFunctionThatMovesKeepsItsPortsAddress() {
    Net net = new Net(mac(A), PortPolicy.usual());
    long made = net.port(1).mac();
    net.port(1).detach();
    net.send(0, frame(made, A, IP));
    assertThat(net.uplink.came()).as("nobody is there").hasSize(1);
    assertThat(net.send(1, frame(A, made, IP))).isFalse();
    Net.Guest third = new Net.Guest();
    net.port(1).attach(third);
    assertThat(net.port(1).mac()).isEqualTo(made);
    net.send(0, frame(made, A, IP));
    assertThat(third.came()).hasSize(1);
    assertThat(net.guest(1).came()).isEmpty();
  }

  @Test
  void ratesDropWhatIsTooMuch() {
    PortPolicy slow =
        new PortPolicy(
            A, 0, PortPolicy.usual().vlans(), 8_000_000, 0, 128 << 10, false, true, Link.AUTO);
    Net net = new Net(slow, mac(B));
    String frame = frame(B, A, "0800" + "00".repeat(996));
    int passed = 0;
    for (int i = 0; i < 1000; i++) {
      passed += net.send(0, frame) ? 1 : 0;
    }
    int bytes = frame.length() / 2;
    assertThat(passed).as("the burst").isEqualTo((128 << 10) / bytes);
    assertThat(dropped(net.port(0), "over the rate")).isEqualTo(1000 - passed);
    // 8 Mb/s are a byte a microsecond.
    passed = 0;
    for (int i = 0; i < 1000; i++) {
      net.nowNs += 100_000;
      passed += net.send(0, frame) ? 1 : 0;
    }
    assertThat(passed * bytes).isBetween(100_000 - 2 * bytes, 100_000 + 2 * bytes);
    assertThat(net.guest(1).frames.size()).isEqualTo((int) sent(net.port(0)));
  }

  private static long sent(BridgePort port) {
    return port.counts().get("frames sent");
  }

  @Test
  void linksFollowTheUplinkUnlessToldOtherwise() {
    BitSet any = PortPolicy.usual().vlans();
    Net net =
        new Net(
            mac(A),
            new PortPolicy(B, 0, any, 0, 0, 1 << 17, false, true, Link.ON),
            new PortPolicy(C, 0, any, 0, 0, 1 << 17, false, true, Link.OFF));
    assertThat(net.guests.stream().map(g -> g.up)).containsExactly(true, true, false);
    net.uplink.receiver.onCarrier(false);
    net.uplink.receiver.onCarrier(false);
    assertThat(net.guests.stream().map(g -> g.up)).containsExactly(false, true, false);
    assertThat(net.guest(0).linkChanges).isEqualTo(2);
    assertThat(net.send(0, frame(B, A, IP))).isFalse();
    assertThat(dropped(net.port(0), "link down")).isEqualTo(1);
    net.send(1, frame(A, B, IP));
    assertThat(net.guest(0).came()).isEmpty();
    net.uplink.receiver.onCarrier(true);
    assertThat(net.guest(0).up).isTrue();
    assertThat(new Net(false, mac(A)).guest(0).up).as("no uplink, no carrier to lose").isTrue();
  }

  @Test
  void longFramesNeedALongMtu() {
    Net net = new Net(mac(A), mac(B));
    String longest = frame(B, A, "0800" + "00".repeat(1500));
    assertThat(net.send(0, longest)).isTrue();
    assertThat(net.send(0, longest + "00")).isTrue();
    assertThat(net.guest(1).came()).containsExactly(longest);
    assertThat(dropped(net.port(1), "longer than the mtu")).isEqualTo(1);
    net.port(1).vlan(5, true);
    net.port(0).vlan(5, true);
    net.send(0, frame(B, A, tag(5) + "0800" + "00".repeat(1500)));
    assertThat(net.guest(1).came()).as("a tag is free").hasSize(1);
    assertThat(net.port(1).frameBytesMax(9014)).isTrue();
    net.send(0, frame(B, A, "0800" + "00".repeat(9000)));
    assertThat(net.guest(1).came()).hasSize(1);
    assertThat(net.port(1).frameBytesMax(59)).isFalse();
    assertThat(net.port(1).frameBytesMax(BridgePort.FRAME_BYTES_MAX + 1)).isFalse();
    assertThat(net.send(0, frame(B, A, "0800" + "00".repeat(9711)))).as("a giant").isFalse();
  }

  @Test
  void whatCannotBeReadIsDropped() {
    Net net = new Net(mac(A), mac(B));
    String whole = frame(B, A, IP);
    for (int bytes : new int[] {0, 1, 6, 13}) {
      assertThat(net.send(0, whole.substring(0, 2 * bytes))).as("%d bytes", bytes).isFalse();
      net.fromUplink(whole.substring(0, 2 * bytes));
    }
    assertThat(net.send(0, frame(B, A, "810000"))).as("half a tag").isFalse();
    assertThat(net.send(0, frame(B, A, tag(0)))).as("a tag and no type").isFalse();
    assertThat(net.send(0, frame(B, A, "0800" + "00".repeat(16 << 10)))).isFalse();
    assertThat(net.send(0, frame(B, A | 1L << 40, IP))).as("a group as source").isFalse();
    assertThat(dropped(net.port(0), "malformed frames")).isEqualTo(8);
    assertThat(net.bridge.uplinkCounts()).containsEntry("uplink dropped: malformed frames", 4L);
    assertThat(net.guest(1).came()).isEmpty();
    assertThat(net.send(0, frame(B, A, "0800"))).as("14 bytes are a frame").isTrue();
    assertThat(net.guest(1).came()).hasSize(1);
  }

  @Test
  void whatBridgesSayToEachOtherStaysOut() {
    Net net = new Net(mac(A), policy(B, 0, true, true));
    long stp = 0x01_80_C2_00_00_00L;
    net.port(1).xcast(XcastMode.PROMISC);
    assertThat(net.send(0, frame(stp, A, IP))).isFalse();
    assertThat(dropped(net.port(0), "reserved groups")).isEqualTo(1);
    assertThat(net.send(1, frame(stp, B, IP))).as("trusted").isTrue();
    assertThat(net.uplink.came()).hasSize(1);
    net.fromUplink(frame(stp | 0xE, OUT, IP));
    assertThat(net.guest(1).came()).isEmpty();
  }

  @Test
  void refusalsOfReceiversAreCountedWhereTheyHappen() {
    Net net = new Net(mac(A), mac(B));
    net.guest(1).full = true;
    assertThat(net.send(0, frame(B, A, IP))).isTrue();
    assertThat(dropped(net.port(1), "no room")).isEqualTo(1);
    net.uplink.refuses = true;
    assertThat(net.send(0, frame(OUT, A, IP))).isTrue();
    assertThat(dropped(net.port(0), "uplink refused")).isEqualTo(1);
    net.bridge.close();
    assertThat(net.uplink.closed).isTrue();
  }

  /** What the appliance has given stays until it is taken back, whatever the guest does. */
  @Test
  void aPortIsGivenAnAddressAndGoesBackToItsOwn() {
    Net net = new Net(policy(0, 0, false, true), mac(B));
    long own = net.port(0).mac();
    assertThat(net.port(0).identify(A)).isTrue();
    assertThat(net.port(0).mac()).isEqualTo(A);
    assertThat(net.port(0).setMac(C)).as("no choice any more").isFalse();
    net.port(0).reset();
    assertThat(net.send(1, frame(A, B, IP))).isTrue();
    assertThat(net.guest(0).came()).containsExactly(frame(A, B, IP));
    assertThat(net.port(0).frames()).isEqualTo(1);
    assertThat(net.port(0).identify(0)).isTrue();
    assertThat(net.port(0).mac()).isEqualTo(own);
    assertThat(net.port(0).setMac(C)).as("free again").isTrue();
    net.port(0).reset();
    assertThat(net.port(0).mac()).isEqualTo(own);
  }

  @Test
  void anAddressThatCannotBeIsNotGiven() {
    Net net = new Net(policy(0, 0, false, true), mac(B), policy(B, 7, false, true));
    long own = net.port(0).mac();
    assertThat(net.port(0).identify(B)).as("another port's").isFalse();
    assertThat(net.port(0).identify(GROUP)).isFalse();
    assertThat(net.port(1).setMac(own)).isFalse();
    assertThat(net.port(0).mac()).isEqualTo(own);
    assertThat(net.port(2).identify(A)).isTrue();
    assertThat(net.port(0).identify(A)).as("in another VLAN it is nobody's").isTrue();
    assertThat(net.port(1).identify(A)).as("taken").isFalse();
  }
}
