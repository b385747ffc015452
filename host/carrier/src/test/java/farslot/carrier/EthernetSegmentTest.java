package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.carrier.EthernetEnds.End;
import farslot.linux.EventLoop;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import java.net.BindException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Finding an appliance on a segment: by name, address or alone; VLANs; what comes through. */
@Timeout(300)
class EthernetSegmentTest {
  private EthernetEnds ends;

  @AfterEach
  void close() throws Exception {
    if (ends != null) {
      ends.close();
    }
  }

  @Test
  @Tag("PCIEOE-80")
  void endsOfAVlanSeeEachOtherAndNobodyElse() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1?vlan=100&pcp=5");
    End[] rail = ends.rail("eth:eth1?vlan=100&pcp=3");
    byte[] full = EthernetFrames.data(1496, 1);
    ends.send(rail[0], full);
    assertThat(EthernetEnds.next(rail[1])).as("the tag is not in the MTU").isEqualTo(full);
    assertThat(rail[0].rail.describe()).endsWith(" vlan 100");
    assertThat(ends.dial("eth:eth1").failure()).startsWith("no appliance answers on eth1");
    assertThat(ends.dial("eth:eth1?vlan=101").failure())
        .contains("'listen: eth:INTERFACE?vlan=101'", "does the network carry VLAN 101 to both");
    ends.listen("eth:eth1");
    End[] untagged = ends.rail("eth:eth1?pcp=6");
    ends.send(untagged[0], EthernetFrames.data(44, 2));
    assertThat(EthernetFrames.number(EthernetEnds.next(untagged[1]))).isEqualTo(2);
    ends.send(rail[1], EthernetFrames.data(44, 3));
    assertThat(EthernetFrames.number(EthernetEnds.next(rail[0]))).isEqualTo(3);
    assertThat(untagged[0].frames).isEmpty();
    assertThat(ends.accepted).isEmpty();
  }

  @Test
  void tagsAreOnTheWireAsConfigured() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1?vlan=100&pcp=5");
    PacketFilter ours = new PacketFilter().u16(12, 0x88B5);
    try (RawPort tagged = RawPort.open(ends.appliance, "eth1", ours.vlan(100).pcp(3));
        RawPort back =
            RawPort.open(ends.server, "eth1", new PacketFilter().u16(12, 0x88B5).vlan(100).pcp(5));
        RawPort other =
            RawPort.open(ends.appliance, "eth1", new PacketFilter().u16(12, 0x88B5).pcp(5))) {
      ends.rail("eth:eth1?vlan=100&pcp=3");
      byte[] discover = tagged.next(20_000);
      assertThat(discover).startsWith(EthernetFrames.header("03:50:43:49:65:6f"));
      assertThat(java.util.Arrays.copyOfRange(discover, 12, 16))
          .as("EtherType, port 1")
          .isEqualTo(EthernetFrames.header("88b5 0001"));
      assertThat(discover[21]).as("type").isEqualTo((byte) 7);
      assertThat(back.next(20_000)[21]).as("type").isEqualTo((byte) 8);
      assertThat(other.next(0)).isEmpty();
    }
  }

  @Test
  @Tag("PCIEOE-85")
  void whatTheWayDoesNotCarryIsFoundBeforeThereIsARail() throws Exception {
    ends = new EthernetEnds();
    Hosts.Host middle = ends.hosts.add();
    ends.hosts.cable("eth1", ends.appliance, 9000, middle, 9000);
    ends.hosts.cable("eth2", ends.server, 9000, middle, 9000);
    middle.ip("link add br0 type bridge");
    middle.ip("link set br0 up");
    middle.ip("link set eth1 master br0");
    middle.ip("link set eth2 master br0");
    ends.listen("eth:eth1");
    EthernetEnds.await(() -> rail("eth:eth2") == 8996);
    middle.ip("link set eth1 mtu 4100");
    EthernetEnds.await(() -> rail("eth:eth2") == 3996);
    middle.ip("link set eth1 mtu 1500");
    EthernetEnds.await(() -> rail("eth:eth2") == 1496);
    middle.ip("link set eth1 mtu 1400");
    EthernetEnds.await(
        () ->
            failure("eth:eth2")
                .startsWith("packets of 1500 bytes do not come through to " + mac("eth1")));
  }

  @Test
  void interfacesOfDifferentMtusAgreeOnTheSmaller() throws Exception {
    ends = new EthernetEnds();
    ends.hosts.cable("eth1", ends.appliance, 3000, ends.server, 9000);
    ends.listen("eth:eth1");
    assertThat(ends.rail("eth:eth1")[0].rail.frameBytesMax()).isEqualTo(2996);
    assertThat(ends.rail("eth:eth1/" + mac("eth1"))[0].rail.frameBytesMax()).isEqualTo(2996);
  }

  private int rail(String address) {
    try {
      End end = ends.dial(address).end();
      return end == null ? 0 : end.rail.frameBytesMax();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String failure(String address) {
    try {
      return ends.dial(address).failure();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String mac(String name) {
    try {
      return ends.appliance.call(() -> NetInterface.of(name)).mac().toString();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void findsAnApplianceByNameAndAddressAndAloneAndSaysWhoIsThere() throws Exception {
    ends = new EthernetEnds();
    Hosts.Host middle = ends.hosts.add();
    Hosts.Host rack2 = ends.hosts.add();
    middle.ip("link add br0 type bridge");
    middle.ip("link set br0 up");
    int number = 1;
    for (Hosts.Host host : List.of(ends.appliance, ends.server, rack2)) {
      String name = "p" + number++;
      ends.hosts.cable(name, host, 1500, middle, 1500);
      host.ip("link set " + name + " down");
      host.ip("link set " + name + " name eth1");
      host.ip("link set eth1 up");
      middle.ip("link set " + name + " master br0");
    }
    EthernetListener one = ends.listen("eth:eth1", "rack-1", 1);
    EthernetEnds.await(() -> rail("eth:eth1") > 0);
    assertThat(ends.rail("eth:eth1")[0].rail).isNotNull();
    EthernetDialer faithful = ends.dialer("eth:eth1");
    assertThat(ends.dial(faithful).end()).isNotNull();
    EventLoop other = ends.hosts.loop(rack2);
    ends.listen(other, "eth:eth1", "rack-2", 2);
    EthernetEnds.await(() -> failure("eth:eth1").startsWith("2 appliances"));
    assertThat(ends.dial("eth:eth1").failure())
        .isEqualTo("2 appliances answer on eth1: rack-1, rack-2; say which, as in eth:eth1/rack-1");
    assertThat(ends.dial(faithful).end()).as("who was there before is meant").isNotNull();
    assertThat(ends.dial("eth:eth1/rack-2").end()).isNotNull();
    assertThat(ends.dial("eth:eth1/" + mac("eth1")).end()).isNotNull();
    assertThat(ends.dial("eth:eth1/rack-3").failure())
        .startsWith("no appliance 'rack-3' answers on eth1: is one listening");
    assertThat(ends.dial("eth:eth1/02:00:00:00:00:99").failure())
        .startsWith("02:00:00:00:00:99 does not answer on eth1");
    assertThat(ends.dial("eth:eth1?port=77").failure()).contains("INTERFACE?port=77'");
    ends.listen("eth:eth1?port=77");
    assertThat(ends.dial("eth:eth1?port=77").end()).isNotNull();
    assertThat(one.describe()).isEqualTo("eth:eth1");
  }

  @Test
  void onePlaceHasOneListener() throws Exception {
    ends = new EthernetEnds(1500);
    EthernetListener first = ends.listen("eth:eth1");
    assertThatThrownBy(() -> ends.listen("eth:eth1", "rack-2", 2))
        .isInstanceOf(BindException.class)
        .hasMessageStartingWith("another appliance listens at eth1 vlan 0 port 1 already");
    ends.listen("eth:eth1?port=2");
    ends.listen("eth:eth1?vlan=2");
    EthernetEnds.on(
        ends.applianceLoop,
        () -> {
          first.close();
          return null;
        });
    ends.listen("eth:eth1");
    assertThat(ends.dial("eth:eth1").end()).isNotNull();
  }

  @Test
  void anAttemptCanBeAbandonedAtAnyTime() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1");
    EthernetDialer dialer = ends.dialer("eth:eth1/rack-1");
    assertThat(dialer.repeatsItself()).as("so a link need not").isTrue();
    for (int i = 0; i < 20; i++) {
      int steps = i;
      EthernetEnds.on(
          ends.serverLoop,
          () -> {
            dialer.dial(new Unwanted());
            return null;
          });
      for (int step = 0; step < steps % 4; step++) {
        EthernetEnds.on(ends.serverLoop, () -> null);
      }
      EthernetEnds.on(
          ends.serverLoop,
          () -> {
            dialer.abandon();
            return null;
          });
    }
    assertThat(ends.dial(dialer).end()).isNotNull();
  }

  /** May get a rail before the attempt is abandoned, and nothing afterwards. */
  private static final class Unwanted implements farslot.link.Dialer.Caller {
    @Override
    public farslot.link.RailListener onRail(farslot.link.Rail rail, long nowNs) {
      End end = new End(rail, null);
      rail.close("not wanted");
      return end;
    }

    @Override
    public void onDialFailed(String cause, long nowNs) {
      throw new AssertionError(cause);
    }
  }

  @Test
  void discoveryListsWhoIsThere() throws Exception {
    ends = new EthernetEnds();
    ends.hosts.cable("eth1", ends.appliance, 9000, ends.server, 9000);
    EthernetAddress segment = EthernetAddress.parse("eth:eth1");
    List<Discovery.Appliance> nobody = ends.server.call(() -> Discovery.list(segment, 100_000_000));
    assertThat(nobody).isEmpty();
    ends.listen("eth:eth1");
    List<Discovery.Appliance> found =
        ends.server.call(() -> Discovery.list(segment, 1_000_000_000));
    assertThat(found)
        .containsExactly(
            new Discovery.Appliance(
                "rack-1",
                ends.appliance.call(() -> NetInterface.of("eth1")).mac(),
                1,
                9000,
                2,
                false,
                List.of("disk0", "nic0")));
    ends.functions = IntStream.range(0, 1000).mapToObj(i -> "function-" + i).toList();
    Discovery.Appliance many =
        ends.server.call(() -> Discovery.list(segment, 1_000_000_000)).get(0);
    assertThat(many.functionCount()).isEqualTo(1000);
    assertThat(many.functions()).isEqualTo(ends.functions.subList(0, many.functions().size()));
    assertThatThrownBy(
            () ->
                ends.server.call(
                    () -> Discovery.list(EthernetAddress.parse("eth:eth9"), 1_000_000)))
        .hasMessage("there is no interface eth9 here; 'ip link' lists them");
    assertThatThrownBy(
            () -> ends.server.call(() -> Discovery.list(EthernetAddress.parse("eth:lo"), 1)))
        .hasMessage("lo is no Ethernet interface");
  }
}
