package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.EthernetPort;
import farslot.testkit.Allocations;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets as Linux hands them over, made byte by byte, and frames looked at byte by byte. */
class UnfinishedPacketsTest {
  private static final int HEADER = 10;
  private static final int ROOM = 6;

  private final UnfinishedPackets unfinished = new UnfinishedPackets();
  private final List<byte[]> frames = new ArrayList<>();
  private int malformed;
  private final EthernetPort.Receiver keep =
      new EthernetPort.Receiver() {
        @Override
        public void onFrame(MemorySegment frame, long offset, int bytes) {
          frames.add(frame.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
        }

        @Override
        public void onCarrier(boolean up) {
          throw new AssertionError();
        }
      };

  private void finish(byte[] header, byte[] packet, int tag) {
    MemorySegment all = Arena.ofAuto().allocate(ROOM + HEADER + packet.length);
    MemorySegment.copy(header, 0, all, ValueLayout.JAVA_BYTE, ROOM, HEADER);
    MemorySegment.copy(packet, 0, all, ValueLayout.JAVA_BYTE, ROOM + HEADER, packet.length);
    malformed += unfinished.finish(all, ROOM, HEADER + packet.length, tag, keep) ? 0 : 1;
  }

  private static byte[] header(int flags, int gso, int gsoBytes, int start, int offset) {
    byte[] h = new byte[HEADER];
    h[0] = (byte) flags;
    h[1] = (byte) gso;
    little(h, 4, gsoBytes);
    little(h, 6, start);
    little(h, 8, offset);
    return h;
  }

  private static void little(byte[] to, int at, int value) {
    to[at] = (byte) value;
    to[at + 1] = (byte) (value >> 8);
  }

  private static void big(byte[] to, int at, int value) {
    to[at] = (byte) (value >> 8);
    to[at + 1] = (byte) value;
  }

  private static int u16(byte[] from, int at) {
    return (from[at] & 0xFF) << 8 | from[at + 1] & 0xFF;
  }

  /** Ethernet, IP and TCP or UDP with a payload of i*7; checksums wrong, lengths right. */
  private static byte[] packet(boolean v6, boolean udp, int payload) {
    int ip = v6 ? 40 : 24; // IPv4 with an option
    int l4 = udp ? 8 : 32; // TCP with options
    byte[] p = new byte[14 + ip + l4 + payload];
    for (int i = 0; i < 12; i++) {
      p[i] = (byte) (2 + i);
    }
    big(p, 12, v6 ? 0x86DD : 0x0800);
    if (v6) {
      p[14] = 0x60;
      big(p, 18, l4 + payload);
      p[20] = (byte) (udp ? 17 : 6);
    } else {
      p[14] = 0x46;
      big(p, 16, ip + l4 + payload);
      big(p, 18, 0xFFFE);
      p[22] = 64;
      p[23] = (byte) (udp ? 17 : 6);
    }
    for (int i = v6 ? 22 : 26; i < 14 + ip; i++) {
      p[i] = (byte) (i * 31);
    }
    int at = 14 + ip;
    if (udp) {
      big(p, at + 4, 8 + payload);
    } else {
      big(p, at + 4, 0xFFFF);
      big(p, at + 6, 0xFF00);
      p[at + 12] = (byte) 0x80;
      p[at + 13] = (byte) 0x99; // CWR, ACK, PSH, FIN
    }
    for (int i = 0; i < payload; i++) {
      p[at + l4 + i] = (byte) (i * 7);
    }
    return p;
  }

  /** RFC 1071, the slow way. */
  private static int sum(byte[] bytes, int from, int to, long begin) {
    long sum = begin;
    for (int i = from; i < to; i += 2) {
      sum += (bytes[i] & 0xFF) << 8 | (i + 1 < to ? bytes[i + 1] & 0xFF : 0);
    }
    while (sum > 0xFFFF) {
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return (int) sum;
  }

  private static void checkL4(byte[] frame, boolean v6, boolean udp, int l3) {
    int l4 = l3 + (v6 ? 40 : 24);
    long pseudo = sum(frame, l3 + (v6 ? 8 : 12), l3 + (v6 ? 40 : 20), 0);
    pseudo += (udp ? 17 : 6) + frame.length - l4;
    assertThat(sum(frame, l4, frame.length, pseudo)).as("L4 checksum").isEqualTo(0xFFFF);
  }

  @ParameterizedTest
  @CsvSource({
    "false,false,0",
    "false,true,0",
    "true,false,0",
    "true,true,0",
    "false,false,1",
    "true,true,1"
  })
  void bigPacketsAreCutAsTheSenderWouldHave(boolean v6, boolean udp, int tagged) {
    int payload = 3001;
    int mss = 1000;
    byte[] p = packet(v6, udp, payload);
    int l4 = 14 + (v6 ? 40 : 24);
    int gso = udp ? 5 : v6 ? 4 : 0x81;
    finish(header(1, gso, mss, l4, udp ? 6 : 16), p, tagged == 0 ? 0 : 0x8100_6005);
    assertThat(frames).hasSize(4);
    int shift = 4 * tagged;
    int headers = l4 + (udp ? 8 : 32) + shift;
    int seen = 0;
    for (int i = 0; i < 4; i++) {
      byte[] f = frames.get(i);
      int part = i < 3 ? mss : 1;
      assertThat(f).hasSize(headers + part);
      if (tagged == 1) {
        assertThat(u16(f, 12)).isEqualTo(0x8100);
        assertThat(u16(f, 14)).isEqualTo(0x6005);
      }
      assertThat(f[0]).isEqualTo((byte) 2);
      assertThat(f[11]).isEqualTo((byte) 13);
      int l3 = 14 + shift;
      if (v6) {
        assertThat(u16(f, l3 + 4)).isEqualTo(f.length - l3 - 40);
      } else {
        assertThat(u16(f, l3 + 2)).isEqualTo(f.length - l3);
        assertThat(u16(f, l3 + 4)).isEqualTo(0xFFFE + i & 0xFFFF);
        assertThat(sum(f, l3, l3 + 24, 0)).as("IP checksum").isEqualTo(0xFFFF);
      }
      int at = l4 + shift;
      if (udp) {
        assertThat(u16(f, at + 4)).isEqualTo(8 + part);
      } else {
        long sequence = (long) u16(f, at + 4) << 16 | u16(f, at + 6);
        assertThat(sequence).isEqualTo(0xFFFF_FF00L + i * mss & 0xFFFF_FFFFL);
        assertThat(f[at + 13] & 0xFF).isEqualTo(i == 0 ? 0x90 : i == 3 ? 0x19 : 0x10);
      }
      checkL4(f, v6, udp, l3);
      for (int b = 0; b < part; b++) {
        assertThat(f[headers + b]).isEqualTo((byte) ((seen + b) * 7));
      }
      seen += part;
    }
  }

  @Test
  void checksumsAreFilledInWhereThePseudoHeadersSumIs() {
    for (boolean udp : new boolean[] {false, true}) {
      frames.clear();
      byte[] p = packet(false, udp, 77);
      long pseudo = sum(p, 26, 34, 0) + (udp ? 17 : 6) + p.length - 38;
      big(p, 38 + (udp ? 6 : 16), sum(p, 0, 0, pseudo));
      finish(header(1, 0, 0, 38, udp ? 6 : 16), p, 0);
      assertThat(frames).hasSize(1);
      checkL4(frames.get(0), false, udp, 14);
      assertThat(frames.get(0)).hasSize(p.length);
    }
  }

  @Test
  void tagsComeBackIntoTheirPlaceAndCompletePacketsPass() {
    byte[] p = packet(true, true, 5);
    finish(header(2, 0, 0, 0, 0), p, 0);
    assertThat(frames.get(0)).isEqualTo(p);
    finish(header(0, 0, 0, 0, 0), p, 0x88A8_0123);
    ByteArrayOutputStream wanted = new ByteArrayOutputStream();
    wanted.write(p, 0, 12);
    wanted.writeBytes(new byte[] {(byte) 0x88, (byte) 0xA8, 0x01, 0x23});
    wanted.write(p, 12, p.length - 12);
    assertThat(frames.get(1)).isEqualTo(wanted.toByteArray());
  }

  @Test
  void whatMakesNoSenseIsDropped() {
    byte[] p = packet(false, false, 3000);
    finish(header(1, 0, 0, 4000, 16), p, 0);
    finish(header(1, 0, 0, p.length - 1, 0), p, 0);
    finish(header(1, 1, 0, 38, 16), p, 0);
    finish(header(1, 4, 1000, 38, 16), p, 0); // IPv6's kind with IPv4
    finish(header(1, 3, 1000, 38, 16), p, 0); // UFO, which is gone
    finish(header(1, 1, 1000, p.length - 10, 16), p, 0);
    finish(header(1, 1, 1000, 20, 16), p, 0);
    finish(header(0, 0, 0, 0, 0), new byte[13], 0);
    finish(header(0, 0, 0, 0, 0), new byte[0], 0);
    finish(header(0, 0, 0, 0, 0), new byte[17_000], 0);
    p[14] = 0x41;
    finish(header(0, 1, 1000, 0, 0), p, 0);
    assertThat(frames).isEmpty();
    assertThat(malformed).isEqualTo(11);
  }

  @Test
  void anythingAtAllIsSurvived() {
    long seed = Fuzz.seed();
    int rounds = Fuzz.iterations(20_000);
    Random random = new Random(seed);
    for (int i = 0; i < rounds; i++) {
      byte[] p = packet(random.nextBoolean(), random.nextBoolean(), random.nextInt(2000));
      for (int n = random.nextInt(4); n > 0; n--) {
        p[12 + random.nextInt(p.length - 12)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(p, random.nextInt(4) == 0 ? random.nextInt(80) : p.length);
      int gso = new int[] {0, 1, 4, 5, 0x81, random.nextInt(256)}[random.nextInt(6)];
      int start = random.nextBoolean() ? 38 : random.nextInt(100);
      frames.clear();
      try {
        finish(
            header(random.nextInt(4), gso, random.nextInt(1200), start, random.nextInt(20)),
            cut,
            random.nextInt(3) == 0 ? 0x8100_0005 : 0);
      } catch (Throwable t) {
        throw new AssertionError(Fuzz.again(seed) + ", round " + i, t);
      }
      assertThat(frames).allMatch(f -> f.length >= 14 && f.length <= EthernetPort.FRAME_BYTES_MAX);
    }
  }

  @Test
  void nothingIsAllocated() {
    byte[] p = packet(false, false, 3000);
    MemorySegment all = Arena.ofAuto().allocate(HEADER + p.length);
    byte[] h = header(1, 1, 1000, 38, 16);
    EthernetPort.Receiver ignore =
        new EthernetPort.Receiver() {
          @Override
          public void onFrame(MemorySegment frame, long offset, int bytes) {
            // As fast as it can.
          }

          @Override
          public void onCarrier(boolean up) {
            throw new AssertionError();
          }
        };
    MemorySegment.copy(p, 0, all, ValueLayout.JAVA_BYTE, HEADER, p.length);
    MemorySegment.copy(h, 0, all, ValueLayout.JAVA_BYTE, 0, HEADER);
    assertThat(
            Allocations.perTurn(
                2000, () -> unfinished.finish(all, 0, HEADER + p.length, 0, ignore)))
        .isLessThan(1);
  }
}
