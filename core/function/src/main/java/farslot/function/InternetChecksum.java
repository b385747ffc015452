package farslot.function;

import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** The Internet checksum (RFC 1071): sums of 16 bits in network order, not complemented. */
public final class InternetChecksum {
  /** Of something whose own checksum is right. */
  public static final int RIGHT = 0xFFFF;

  private InternetChecksum() {}

  /** The sum of bytes, an odd last one as if a zero followed: 0 to 0xFFFF. */
  public static int sum(MemorySegment bytes, long at, int count) {
    // In the processor's order, eight at a time: the sum's bytes are swapped in the end (2.B).
    long sum = 0;
    long end = at + count;
    long next = at;
    for (; next + 8 <= end; next += 8) {
      long eight = LittleEndian.i64(bytes, next);
      sum += (eight & 0xFFFF_FFFFL) + (eight >>> 32);
    }
    for (; next + 2 <= end; next += 2) {
      sum += LittleEndian.u16(bytes, next);
    }
    if (next < end) {
      sum += LittleEndian.u8(bytes, next);
    }
    int folded = fold(sum);
    return (folded & 0xFF) << 8 | folded >>> 8;
  }

  /** Adds the carries until 16 bits are left. */
  public static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xFFFF) + (folded >>> 16);
    }
    return (int) folded;
  }
}
