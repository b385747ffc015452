package farslot.cards.nic82599.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nic82599.bridge.PortPolicy.Link;
import farslot.chance.Fuzz;
import farslot.testkit.Allocations;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Guests that send anything and change their settings as they like, on ports of several tenants. A
 * frame's last bytes say who has sent it: whatever arrives somewhere must have been allowed to.
 */
class BridgeFuzzTest {
  private static final int PORTS = 7;
  private static final int OUTSIDE = 99;
  private static final int STEPS = 400;

  private final int rounds = Fuzz.iterations(12_000) / 100;
  private int arrived;

  @Test
  void noFrameComesWhereItMayNot() {
    Fuzz.rounds(
        rounds,
        seed -> {
          Round each = new Round(seed);
          each.run();
          arrived += each.arrived;
        });
    assertThat(arrived).as("and many did").isGreaterThan(rounds * 20);
  }

  private static final class Round {
    private final Random random;
    private final Net net;
    private final PortPolicy[] policies = new PortPolicy[PORTS];
    private final BitSet[] everJoined = new BitSet[PORTS];
    int arrived;

    Round(long seed) {
      random = new Random(seed);
      for (int i = 0; i < PORTS; i++) {
        policies[i] = policy(i);
        everJoined[i] = new BitSet();
      }
      net = new Net(random.nextInt(4) > 0, policies);
    }

    private PortPolicy policy(int i) {
      BitSet some = new BitSet();
      some.set(1 + random.nextInt(3));
      some.set(1 + random.nextInt(3));
      return new PortPolicy(
          random.nextBoolean() ? 0x02_00_00_00_00_10L + i : 0,
          random.nextBoolean() ? 1 + random.nextInt(3) : 0,
          some,
          random.nextInt(4) == 0 ? 1_000_000 : 0,
          random.nextInt(4) == 0 ? 100_000_000 : 0,
          128 << 10,
          random.nextInt(3) == 0,
          random.nextInt(3) > 0,
          Link.values()[random.nextInt(8) == 0 ? random.nextInt(3) : 0]);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        net.nowNs += random.nextInt(10) == 0 ? 1L << random.nextInt(40) : random.nextInt(100_000);
        int who = random.nextInt(PORTS + 1);
        if (who == PORTS) {
          if (net.uplink.receiver != null) {
            net.fromUplink(anyFrame(OUTSIDE));
          }
        } else if (random.nextInt(3) == 0) {
          ask(who);
        } else {
          boolean passed = net.send(who, anyFrame(who));
          assertThat(passed && !net.guest(who).up).as("sent without a link").isFalse();
        }
        check();
      }
    }

    private void ask(int who) {
      BridgePort port = net.port(who);
      switch (random.nextInt(9)) {
        case 0 -> port.setMac(anyMac());
        case 1 -> port.addMac(anyMac());
        case 2 -> port.clearMacs();
        case 3 -> {
          int id = random.nextInt(6);
          boolean member = random.nextBoolean();
          if (port.vlan(id, member) && member) {
            everJoined[who].set(id);
          }
        }
        case 4 -> port.multicast(new int[] {random.nextInt(), random.nextInt(4096)}, 2);
        case 5 -> port.xcast(XcastMode.values()[random.nextInt(4)]);
        case 6 -> port.frameBytesMax(random.nextInt(11_000));
        case 7 -> port.reset();
        default -> {
          port.detach();
          Net.Guest same = net.guest(who);
          same.up = false;
          port.attach(same);
        }
      }
    }

    private long anyMac() {
      return switch (random.nextInt(6)) {
        case 0 -> Mac.BROADCAST;
        case 1 -> 0x01_00_5E_00_00_00L + random.nextInt(4096);
        case 2 -> random.nextLong() & Mac.BROADCAST;
        case 3 -> net == null ? 0 : net.port(random.nextInt(PORTS)).mac();
        default -> 0x02_00_00_00_00_10L + random.nextInt(PORTS + 2);
      };
    }

    private String anyFrame(int who) {
      long from = who != OUTSIDE && random.nextInt(4) > 0 ? net.port(who).mac() : anyMac();
      StringBuilder rest = new StringBuilder();
      int tags = Math.max(0, random.nextInt(6) - 3);
      for (int i = 0; i < tags; i++) {
        rest.append(random.nextInt(8) == 0 ? "88a8" : "8100");
        rest.append(String.format("%04x", random.nextInt(8) << 13 | random.nextInt(5)));
      }
      int filler = random.nextInt(20) == 0 ? random.nextInt(17_000) : random.nextInt(80);
      rest.append("0800").append("00".repeat(filler));
      // Who has sent it, and in which VLAN by its own words.
      int vlan = tags > 0 && rest.charAt(0) == '8' && rest.charAt(1) == '1' ? vid(rest) : 0;
      rest.append(String.format("%02x%04x", who, vlan));
      String whole = Net.frame(anyMac(), from, rest.toString());
      if (random.nextInt(20) == 0) {
        // Cut off: nobody can say whose it was, so it must be short enough to be refused.
        return whole.substring(0, 2 * random.nextInt(14));
      }
      return whole;
    }

    private static int vid(CharSequence rest) {
      return Integer.parseInt(rest.subSequence(4, 8).toString(), 16) & 0xFFF;
    }

    private void check() {
      for (int i = 0; i < PORTS; i++) {
        for (String each : net.guest(i).came()) {
          arrived++;
          mayArrive(i, each);
        }
      }
      for (String each : net.uplink.came()) {
        mayLeave(each);
      }
    }

    private void mayArrive(int at, String frame) {
      int who = sender(frame);
      assertThat(who).as("its own frame").isNotEqualTo(at);
      int vlan = vlanOf(who, said(frame));
      int own = policies[at].vlan();
      if (own != 0) {
        assertThat(vlan).as("VLAN of port " + at).isEqualTo(own);
      } else if (vlan != 0) {
        assertThat(everJoined[at].get(vlan)).as("joined " + vlan).isTrue();
        assertThat(frame.substring(24, 28)).isEqualTo("8100");
        assertThat(vid(frame.substring(24))).isEqualTo(vlan);
      }
      assertThat(net.guest(at).up).isTrue();
    }

    private void mayLeave(String frame) {
      int who = sender(frame);
      assertThat(who).isLessThan(PORTS);
      int vlan = vlanOf(who, said(frame));
      boolean tagged = frame.startsWith("8100", 24);
      assertThat(tagged ? vid(frame.substring(24)) : 0).isEqualTo(vlan);
    }

    /** In which VLAN a frame is that was sent there with such a tag. */
    private int vlanOf(int who, int said) {
      if (who == OUTSIDE) {
        return said;
      }
      PortPolicy policy = policies[who];
      if (policy.vlan() != 0) {
        assertThat(said).as("a tag of its own").isZero();
        return policy.vlan();
      }
      if (said != 0) {
        assertThat(policy.vlans().get(said)).as("permitted").isTrue();
      }
      return said;
    }

    private static int sender(String frame) {
      int end = frame.length();
      return Integer.parseInt(frame.substring(end - 6, end - 4), 16);
    }

    private static int said(String frame) {
      return Integer.parseInt(frame.substring(frame.length() - 4), 16);
    }
  }

  @Test
  void theAllocationOfASettledSwitchIsNothing() {
    PortPolicy tagged =
        new PortPolicy(1L << 41 | 1, 5, new BitSet(), 1L << 36, 0, 1 << 30, false, true, Link.AUTO);
    Net net = new Net(tagged, tagged(2), tagged(3), PortPolicy.usual());
    for (Net.Guest each : net.guests) {
      each.full = true; // It would keep them.
    }
    net.uplink.refuses = true;
    List<MemorySegment> frames =
        List.of(
            Net.bytes(Net.frame(1L << 41 | 2, 1L << 41 | 1, "0800" + "00".repeat(1000))),
            Net.bytes(Net.frame(Mac.BROADCAST, 1L << 41 | 1, "0800" + "00".repeat(60))),
            Net.bytes(Net.frame(1L << 41 | 9, 1L << 41 | 1, "0800" + "00".repeat(60))));
    MemorySegment outside =
        Net.bytes(Net.frame(Mac.BROADCAST, 1L << 41 | 1, "81000005" + "0800" + "00".repeat(60)));
    double bytes =
        Allocations.perTurn(
            2000,
            () -> {
              net.nowNs += 1_000_000;
              for (int i = 0; i < frames.size(); i++) {
                net.port(0).send(frames.get(i), 6, (int) frames.get(i).byteSize() - 6);
              }
              net.bridge.onFrame(outside, 6, (int) outside.byteSize() - 6);
            });
    assertThat(bytes).isLessThan(4);
  }

  private static PortPolicy tagged(int last) {
    return new PortPolicy(1L << 41 | last, 5, new BitSet(), 0, 0, 1 << 17, false, true, Link.AUTO);
  }
}
