package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The verification suite for the hash: addresses and ports with what they must give. */
class RssHashTest {
  @Test
  void ipv4() {
    assertFour("161.142.100.80", 1766, "66.9.149.187", 2794, 0x323E8FC2, 0x51CCC178);
    assertFour("65.69.140.83", 4739, "199.92.111.2", 14230, 0xD718262A, 0xC626B0EA);
    assertFour("12.22.207.184", 38024, "24.19.198.95", 12898, 0xD2D0A5DE, 0x5C2B394A);
  }

  private static void assertFour(
      String destination, int to, String source, int from, int addresses, int ports) {
    byte[] packet = new byte[24];
    address(packet, 12, source);
    address(packet, 16, destination);
    Frames.put16(packet, 20, from);
    Frames.put16(packet, 22, to);
    MemorySegment frame = MemorySegment.ofArray(packet);
    assertThat(RssHash.ipv4(frame, 0)).isEqualTo(addresses);
    assertThat(RssHash.ipv4Ports(frame, 0, 20)).isEqualTo(ports);
  }

  private static void address(byte[] packet, int at, String text) {
    String[] parts = text.split("\\.");
    for (int i = 0; i < 4; i++) {
      packet[at + i] = (byte) Integer.parseInt(parts[i]);
    }
  }

  @Test
  void ipv6() {
    byte[] packet = new byte[44];
    words(
        packet, 8, 0x3FFE, 0x2501, 0x200, 0x1FFF, 0, 0, 0, 7, 0x3FFE, 0x2501, 0x200, 3, 0, 0, 0, 1);
    Frames.put16(packet, 40, 2794);
    Frames.put16(packet, 42, 1766);
    MemorySegment frame = MemorySegment.ofArray(packet);
    assertThat(RssHash.ipv6(frame, 0)).isEqualTo(0x2CC18CD5);
    assertThat(RssHash.ipv6Ports(frame, 0, 40)).isEqualTo(0x40207D3D);
  }

  private static void words(byte[] packet, int at, int... words) {
    for (int i = 0; i < words.length; i++) {
      Frames.put16(packet, at + 2 * i, words[i]);
    }
  }
}
