package farslot.cards.nic82599;

import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * The Toeplitz hash over addresses and ports (7.1.2.8.1), a table look-up a byte. The 82599 has one
 * key and one redirection table for all functions, and functions only ask what they are.
 */
final class RssHash {
  static final int KEY_WORDS = 10;
  static final int TABLE_ENTRIES = 128;

  /** The key of the verification suite (7.1.2.8.3), as bytes go. */
  private static final int[] KEY = {
    0x6D5A56DA, 0x255B0EC2, 0x4167253D, 0x43A38FB0, 0xD0CA2BCB,
    0xAE7B30B4, 0x77CB2DA3, 0x8030F20C, 0x6A42B73B, 0xBEAC01FA
  };

  private static final int IPV4_ADDRESSES = 8;
  private static final int IPV6_ADDRESSES = 32;
  private static final int PORTS = 4;

  private static final int[] TABLE = table();

  private RssHash() {}

  private static int[] table() {
    int[] table = new int[(IPV6_ADDRESSES + PORTS) * 256];
    for (int i = 0; i < table.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        table[i] ^= (i & 0x80 >>> bit) != 0 ? window(i / 256 * 8 + bit) : 0;
      }
    }
    return table;
  }

  /** The 32 bits of the key that begin at a bit. */
  private static int window(int bit) {
    long two = (long) KEY[bit / 32] << 32 | KEY[bit / 32 + 1] & 0xFFFF_FFFFL;
    return (int) (two >>> 32 - bit % 32);
  }

  /** A word of the key as RSSRK shows it: the first byte is the lowest. */
  static int keyWord(int index) {
    return Integer.reverseBytes(KEY[index]);
  }

  /** An entry of the redirection table: entries go round the queues. */
  static int queue(int entry) {
    return entry % NicLimits.QUEUES;
  }

  static int ipv4(MemorySegment frame, long l3) {
    return hash(frame, l3 + 12, IPV4_ADDRESSES, 0);
  }

  static int ipv4Ports(MemorySegment frame, long l3, long l4) {
    return ipv4(frame, l3) ^ hash(frame, l4, PORTS, IPV4_ADDRESSES);
  }

  static int ipv6(MemorySegment frame, long l3) {
    return hash(frame, l3 + 8, IPV6_ADDRESSES, 0);
  }

  static int ipv6Ports(MemorySegment frame, long l3, long l4) {
    return ipv6(frame, l3) ^ hash(frame, l4, PORTS, IPV6_ADDRESSES);
  }

  private static int hash(MemorySegment frame, long at, int bytes, int place) {
    int hash = 0;
    for (int i = 0; i < bytes; i++) {
      hash ^= TABLE[(place + i) * 256 + LittleEndian.u8(frame, at + i)];
    }
    return hash;
  }
}
