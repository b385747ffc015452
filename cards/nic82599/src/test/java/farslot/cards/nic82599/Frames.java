package farslot.cards.nic82599;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Frames made and checked byte by byte, by the RFCs and not by the card's code. */
final class Frames {
  static final byte[] MAC_A = {2, 0, 0x5E, 0x10, 0, 1};
  static final byte[] MAC_B = {2, 0, 0x5E, 0x10, 0, 2};

  private Frames() {}

  static byte[] bytes(int... values) {
    byte[] all = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      all[i] = (byte) values[i];
    }
    return all;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] random(int count, long seed) {
    byte[] all = new byte[count];
    new Random(seed).nextBytes(all);
    return all;
  }

  static byte[] ethernet(int type, byte[] payload) {
    return join(MAC_B, MAC_A, bytes(type >> 8, type), payload);
  }

  static byte[] tagged(int tag, byte[] frame) {
    return join(
        Arrays.copyOf(frame, 12),
        bytes(0x81, 0, tag >> 8, tag),
        Arrays.copyOfRange(frame, 12, frame.length));
  }

  /** An IPv4 packet with a right checksum, identification 0x1234. */
  static byte[] ipv4(int protocol, byte[] payload) {
    int total = 20 + payload.length;
    byte[] header =
        bytes(
            0x45,
            0,
            total >> 8,
            total,
            0x12,
            0x34,
            0x40,
            0,
            64,
            protocol,
            0,
            0,
            10,
            0,
            0,
            1,
            10,
            0,
            0,
            2);
    put16(header, 10, ~sum(header, 0, 20, 0));
    return join(header, payload);
  }

  static byte[] ipv6(int protocol, byte[] payload) {
    byte[] header = new byte[40];
    header[0] = 0x60;
    put16(header, 4, payload.length);
    header[6] = (byte) protocol;
    header[7] = 64;
    header[8] = (byte) 0xFD;
    header[23] = 1;
    header[24] = (byte) 0xFD;
    header[39] = 2;
    return join(header, payload);
  }

  /** A TCP segment from port 1000 to 2000, sequence number 0xFFFFFF00, no checksum. */
  static byte[] tcp(int flags, byte[] payload) {
    return join(
        bytes(
            1000 >> 8, 1000, 2000 >> 8, 2000, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 9, 0x50, flags, 1, 0, 0,
            0, 0, 0),
        payload);
  }

  static byte[] udp(byte[] payload) {
    int length = 8 + payload.length;
    return join(bytes(3, 0xE8, 7, 0xD0, length >> 8, length, 0, 0), payload);
  }

  /** Puts the checksum of TCP (field 16) or UDP (field 6) into an Ethernet frame of IPv4 or 6. */
  static byte[] withL4Checksum(byte[] frame, int field) {
    byte[] copy = frame.clone();
    int l4 = l4(copy);
    put16(copy, l4 + field, 0);
    int sum = sum(copy, l4, copy.length - l4, pseudo(copy, copy.length - l4));
    put16(copy, l4 + field, ~sum);
    return copy;
  }

  /** The same with the sum of the pseudo-header in the field, as drivers leave it. */
  static byte[] withPseudo(byte[] frame, int field, boolean length) {
    byte[] copy = frame.clone();
    int l4 = l4(copy);
    put16(copy, l4 + field, pseudo(copy, length ? copy.length - l4 : 0));
    return copy;
  }

  /** Whether the checksums of IPv4, and of TCP or UDP, are right. */
  static boolean right(byte[] frame) {
    int l4 = l4(frame);
    boolean four = frame[14] >>> 4 == 4;
    boolean ip = !four || sum(frame, 14, 20, 0) == 0xFFFF;
    int end = 14 + (four ? get16(frame, 16) : 40 + get16(frame, 18));
    return ip && sum(frame, l4, end - l4, pseudo(frame, end - l4)) == 0xFFFF;
  }

  private static int l4(byte[] frame) {
    return frame[14] >>> 4 == 4 ? 34 : 54;
  }

  private static int pseudo(byte[] frame, int length) {
    boolean four = frame[14] >>> 4 == 4;
    int addresses = four ? sum(frame, 26, 8, 0) : sum(frame, 22, 32, 0);
    return fold(addresses + (four ? frame[23] : frame[20]) + length);
  }

  static int get16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  static int get32(byte[] bytes, int at) {
    return get16(bytes, at) << 16 | get16(bytes, at + 2);
  }

  static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static int sum(byte[] bytes, int at, int count, int start) {
    int sum = start;
    for (int i = 0; i < count; i++) {
      sum += (bytes[at + i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
    }
    return fold(sum);
  }

  private static int fold(int sum) {
    int folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xFFFF) + (folded >>> 16);
    }
    return folded;
  }
}
