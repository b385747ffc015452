package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.carrier.EthernetEnds.End;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rails over raw Ethernet between two network namespaces. */
@Timeout(300)
class EthernetRailTest {
  private EthernetEnds ends;

  @AfterEach
  void close() throws Exception {
    if (ends != null) {
      ends.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1500, 9000, 65535})
  @Tag("PCIEOE-85")
  void carriesFramesAsLongAsTheMtuAllows(int mtu) throws Exception {
    ends = new EthernetEnds(mtu);
    ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    int longest = Math.min(65532, mtu - 4 & ~3);
    assertThat(rail[0].rail.frameBytesMax()).isEqualTo(longest);
    assertThat(rail[0].rail.reliable()).isFalse();
    byte[] first = EthernetFrames.data(longest, 1);
    byte[] second = EthernetFrames.data(44, 2);
    assertThat(ends.send(rail[0], first, second)).isEqualTo(longest + 44);
    assertThat(EthernetEnds.next(rail[1])).isEqualTo(first);
    assertThat(EthernetEnds.next(rail[1])).as("padded to 60 bytes").isEqualTo(second);
    ends.send(rail[1], second, first);
    assertThat(EthernetEnds.next(rail[0])).isEqualTo(second);
    assertThat(EthernetEnds.next(rail[0])).isEqualTo(first);
  }

  @Test
  void manyFramesOfOneRunComeInOrder() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    byte[][] run = new byte[300][];
    for (int i = 0; i < run.length; i++) {
      run[i] = EthernetFrames.data(44 + i % 7 * 200, i);
    }
    ends.send(rail[0], run);
    for (byte[] frame : run) {
      assertThat(EthernetEnds.next(rail[1])).isEqualTo(frame);
    }
  }

  @Test
  void takesWholeFramesWhileThereIsRoomAndSaysWhenThereIsMore() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    // What waits for a slow interface counts against the socket's buffer.
    ends.server.tc("qdisc add dev eth1 root tbf rate 80mbit burst 20k limit 100m");
    byte[] frame = EthernetFrames.data(1496, 1);
    int taken = 0;
    int runs = 0;
    int last;
    do {
      last = ends.send(rail[0], frame, frame, frame, frame);
      taken += last;
      runs++;
    } while (last == 4 * 1496 && runs < 10_000);
    assertThat(last % 1496).isZero();
    assertThat(last).isLessThan(4 * 1496);
    EthernetEnds.await(() -> rail[0].writables > 0);
    assertThat(ends.send(rail[0], frame)).isEqualTo(1496);
    for (int frames = taken / 1496 + 1; frames > 0; frames--) {
      EthernetEnds.next(rail[1]);
    }
  }

  @Test
  void aFullQueueOfTheInterfaceLosesNothing() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    ends.server.tc("qdisc add dev eth1 root tbf rate 80mbit burst 20k limit 20k");
    int sent = 0;
    while (sent < 200) {
      int before = rail[0].writables;
      byte[][] run = new byte[200 - sent][];
      for (int i = 0; i < run.length; i++) {
        run[i] = EthernetFrames.data(1496, sent + i);
      }
      int taken = ends.send(rail[0], run);
      sent += taken / 1496;
      if (sent < 200) {
        EthernetEnds.await(() -> rail[0].writables > before);
      }
    }
    assertThat(rail[0].writables).as("times that it was full").isPositive();
    for (int i = 0; i < 200; i++) {
      assertThat(EthernetFrames.number(EthernetEnds.next(rail[1]))).isEqualTo(i);
    }
  }

  @Test
  @Tag("PCIEOE-89")
  void anInterfaceThatGoesDownEndsItsRailsAndIsDialledAgain() throws Exception {
    ends = new EthernetEnds(1500);
    EthernetListener listener = ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    ends.server.ip("link set eth1 down");
    assertThat(rail[0].downs.poll(120, TimeUnit.SECONDS)).isEqualTo("eth1 went down");
    assertThat(ends.dial("eth:eth1").failure()).isEqualTo("eth1 is down: ip link set eth1 up");
    ends.appliance.ip("link set eth1 down");
    assertThat(rail[1].downs.poll(120, TimeUnit.SECONDS)).isEqualTo("eth1 went down");
    ends.server.ip("link set eth1 up");
    assertThat(ends.dial("eth:eth1").failure()).startsWith("eth1 has no carrier");
    ends.appliance.ip("link set eth1 up");
    EthernetEnds.await(() -> comesUp("eth:eth1"));
    assertThat(ends.rail("eth:eth1")[0].rail.frameBytesMax()).isEqualTo(1496);
    // Away altogether, and another of the same name in its place.
    ends.appliance.ip("link del eth1");
    assertThat(ends.dial("eth:eth1").failure()).startsWith("there is no interface eth1 here");
    ends.hosts.cable("eth1", ends.appliance, 9000, ends.server, 9000);
    EthernetEnds.await(() -> comesUp("eth:eth1"));
    assertThat(ends.rail("eth:eth1")[0].rail.frameBytesMax()).isEqualTo(8996);
    EthernetEnds.on(
        ends.applianceLoop,
        () -> {
          listener.close();
          return null;
        });
    assertThat(ends.dial("eth:eth1").failure()).startsWith("no appliance answers on eth1");
  }

  private boolean comesUp(String address) {
    try {
      End end = ends.dial(address).end();
      if (end != null) {
        EthernetEnds.on(
            ends.serverLoop,
            () -> {
              end.rail.close("only tried");
              return null;
            });
      }
      return end != null;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRailEndsWhenTheMtuShrinksBelowItsFrames() throws Exception {
    ends = new EthernetEnds(9000);
    ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    ends.server.ip("link set eth1 mtu 1500");
    assertThat(ends.send(rail[0], EthernetFrames.data(8996, 1))).isEqualTo(8996);
    assertThat(rail[0].downs.poll(120, TimeUnit.SECONDS)).contains("MTU of eth1 is less now");
    assertThat(ends.rail("eth:eth1")[0].rail.frameBytesMax()).isEqualTo(1496);
  }

  @Test
  void closingIsFinalAndQuiet() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1");
    End[] rail = ends.rail("eth:eth1");
    EthernetEnds.on(
        rail[1].loop,
        () -> {
          rail[1].rail.close("done");
          rail[1].rail.close("done");
          return null;
        });
    assertThat(ends.send(rail[1], EthernetFrames.data(44, 1))).isEqualTo(44);
    ends.send(rail[0], EthernetFrames.data(44, 2));
    End[] other = ends.rail("eth:eth1/rack-1");
    ends.send(other[0], EthernetFrames.data(44, 3));
    assertThat(EthernetFrames.number(EthernetEnds.next(other[1]))).isEqualTo(3);
    assertThat(rail[0].frames).isEmpty();
    assertThat(rail[1].frames).isEmpty();
    assertThat(rail[1].downs).isEmpty();
  }

  @Test
  void severalInitiatorsOfOneHostShareItsAddress() throws Exception {
    ends = new EthernetEnds(1500);
    ends.listen("eth:eth1");
    End[] one = ends.rail("eth:eth1");
    End[] other = ends.rail("eth:eth1");
    ends.send(one[0], EthernetFrames.data(44, 1));
    ends.send(other[0], EthernetFrames.data(44, 2));
    ends.send(one[1], EthernetFrames.data(44, 3));
    ends.send(other[1], EthernetFrames.data(44, 4));
    assertThat(EthernetFrames.number(EthernetEnds.next(one[1]))).isEqualTo(1);
    assertThat(EthernetFrames.number(EthernetEnds.next(other[1]))).isEqualTo(2);
    assertThat(EthernetFrames.number(EthernetEnds.next(one[0]))).isEqualTo(3);
    assertThat(EthernetFrames.number(EthernetEnds.next(other[0]))).isEqualTo(4);
    assertThat(one[0].rail.describe()).startsWith("ethernet eth1/");
  }
}
