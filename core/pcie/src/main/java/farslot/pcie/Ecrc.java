package farslot.pcie;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The end-to-end CRC in a TLP's digest (2.7.1): CRC-32 with polynomial 04C11DB7h over end-to-end
 * prefixes, header and data, bit 0 of each byte first, seeded with ones and complemented. Bits that
 * may change on the way, Type[0] and EP, count as ones.
 *
 * <p>The specification maps the result's bits to the digest so that each byte is reversed; that
 * makes the digest the usual reflected CRC-32 in little-endian byte order.
 */
final class Ecrc {
  /** 04C11DB7h, bits in reverse. */
  private static final int POLYNOMIAL = 0xEDB8_8320;

  /** In DW 0: Type[0], bit 0 of byte 0, and EP, bit 6 of byte 2. */
  private static final int VARIANT = 1 << 24 | TlpHeader.EP;

  private static final ValueLayout.OfInt LE32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Four tables, so that a DW takes one step: TABLE[n * 256 + b] is b followed by n zeroes. */
  private static final int[] TABLE = table();

  private Ecrc() {}

  /**
   * The digest for a TLP as the big-endian DW that follows the data.
   *
   * @param offset the first prefix, or the header
   * @param end the first byte behind the data
   */
  static int compute(MemorySegment segment, long offset, long end) {
    int crc = ~0;
    long at = offset;
    int first = BigEndian.u8(segment, at);
    while (TlpType.isPrefix(first)) {
      if (TlpType.isEndToEndPrefix(first)) {
        crc = step(crc, segment.get(LE32, at));
      }
      at += TlpHeader.DW;
      first = BigEndian.u8(segment, at);
    }
    crc = step(crc, Integer.reverseBytes(BigEndian.i32(segment, at) | VARIANT));
    for (at += TlpHeader.DW; at < end; at += TlpHeader.DW) {
      crc = step(crc, segment.get(LE32, at));
    }
    return Integer.reverseBytes(~crc);
  }

  private static int step(int crc, int littleEndianDw) {
    int mixed = crc ^ littleEndianDw;
    return TABLE[768 + (mixed & 0xFF)]
        ^ TABLE[512 + (mixed >>> 8 & 0xFF)]
        ^ TABLE[256 + (mixed >>> 16 & 0xFF)]
        ^ TABLE[mixed >>> 24];
  }

  private static int[] table() {
    int[] table = new int[4 * 256];
    for (int value = 0; value < 256; value++) {
      int crc = value;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
      }
      table[value] = crc;
    }
    for (int i = 256; i < table.length; i++) {
      int shorter = table[i - 256];
      table[i] = shorter >>> 8 ^ table[shorter & 0xFF];
    }
    return table;
  }
}
