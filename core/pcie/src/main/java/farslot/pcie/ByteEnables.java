package farslot.pcie;

/** First and Last DW Byte Enables, 4 bits each, bit 0 for the lowest address (2.2.5). */
public final class ByteEnables {
  /** All four bytes of a DW. */
  public static final int ALL = 0xF;

  private ByteEnables() {}

  /** Whether 2.2.5 permits these in a memory request of this length at this DW-aligned address. */
  public static boolean legal(long address, int lengthDw, int firstBe, int lastBe) {
    if (lengthDw == 1) {
      return lastBe == 0;
    }
    if (firstBe == 0 || lastBe == 0) {
      return false;
    }
    boolean quadword = lengthDw == 2 && (address & 4) == 0;
    return quadword || reachesTop(firstBe) && reachesBottom(lastBe);
  }

  /** First DW Byte Enables of a transfer; 0 bytes is the zero-length read, which enables none. */
  public static int first(long address, int bytes) {
    int skipped = (int) address & 3;
    int enabled = Math.min(bytes, 4 - skipped);
    return ((1 << enabled) - 1) << skipped;
  }

  /** Last DW Byte Enables of a transfer: 0 when it lies in one DW. */
  public static int last(long address, int bytes) {
    int end = ((int) address & 3) + bytes;
    return end <= 4 ? 0 : ALL >>> (-end & 3);
  }

  /** Bytes before the first enabled one: 0 to 3; 0 when none is enabled. */
  public static int skipped(int firstBe) {
    return firstBe == 0 ? 0 : Integer.numberOfTrailingZeros(firstBe);
  }

  /** Bytes from the first enabled to the last, both included; 0 when none is enabled. */
  public static int span(int lengthDw, int firstBe, int lastBe) {
    int last = lengthDw == 1 ? firstBe : lastBe;
    if (firstBe == 0 || last == 0) {
      return 0;
    }
    int behind = Integer.numberOfLeadingZeros(last) - 28;
    return 4 * lengthDw - skipped(firstBe) - behind;
  }

  /** Whether every byte of the span is enabled, so that a plain copy is right. */
  public static boolean contiguous(int lengthDw, int firstBe, int lastBe) {
    if (lengthDw == 1) {
      int low = firstBe >>> skipped(firstBe);
      return (low & (low + 1)) == 0;
    }
    return reachesTop(firstBe) && reachesBottom(lastBe);
  }

  /** 1111, 1110, 1100 or 1000: nothing is left out up to the next DW. */
  private static boolean reachesTop(int be) {
    return be == 0xF || be == 0xE || be == 0xC || be == 0x8;
  }

  /** 1111, 0111, 0011 or 0001: nothing is left out since the DW before. */
  private static boolean reachesBottom(int be) {
    return be == 0xF || be == 0x7 || be == 0x3 || be == 0x1;
  }
}
