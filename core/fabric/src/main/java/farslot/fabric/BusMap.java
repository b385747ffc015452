package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

/**
 * A function's BARs: sizes as found, and the bus addresses that we gave them. The address space is
 * private to one stream, so two functions may well have the same addresses; the guest's own
 * addresses never reach the card. All BARs are placed on 4 KiB boundaries and, where they fit,
 * below 4 GiB, which makes headers 4 bytes shorter.
 */
final class BusMap {
  private static final long MEMORY_FIRST = 0x1000_0000L;
  private static final long MEMORY_32_END = 0xF000_0000L;
  private static final long MEMORY_64_FIRST = 0x10_0000_0000L;
  private static final long IO_FIRST = 0x1000;
  private static final long IO_END = 0x1_0000;
  private static final long PAGE = 4096;

  /** What a 64-bit BAR can ask for and still leave the MSI window alone. */
  private static final long SIZE_MAX = 1L << 46;

  private final long[] sizes = new long[BAR_COUNT];
  private final long[] addresses = new long[BAR_COUNT];
  private final int[] flags = new int[BAR_COUNT];
  private long romSize;
  private long romAddress;

  /**
   * Sizes and places everything.
   *
   * @param masks the six BARs and, seventh, the ROM BAR as read back after all-ones were written
   * @return false when something cannot be placed
   */
  boolean place(int[] masks) {
    long[] next = {MEMORY_FIRST, MEMORY_64_FIRST, IO_FIRST};
    for (int i = 0; i < BAR_COUNT; i++) {
      int mask = masks[i];
      if (mask == 0) {
        continue;
      }
      boolean wide = (mask & BAR_IO) == 0 && (mask & BAR_TYPE_MASK) == BAR_TYPE_64;
      if (wide && i + 1 == BAR_COUNT) {
        return false;
      }
      if (!placeBar(i, mask, wide ? masks[i + 1] : -1, next)) {
        return false;
      }
      i += wide ? 1 : 0;
    }
    romSize = -(masks[BAR_COUNT] & ~ROM_FLAGS) & 0xFFFF_FFFFL;
    romAddress = romSize == 0 ? 0 : align(next[0], Math.max(PAGE, romSize));
    return romAddress + romSize <= MEMORY_32_END;
  }

  private boolean placeBar(int index, int mask, int upper, long[] next) {
    boolean io = (mask & BAR_IO) != 0;
    flags[index] = mask & (io ? BAR_IO_FLAGS : BAR_MEMORY_FLAGS);
    long wide = (long) upper << 32 | mask & 0xFFFF_FFFFL;
    // The upper half of an I/O BAR may be hardwired to zero: only 64 KiB of I/O space exist.
    long size = io ? -(mask & ~BAR_IO_FLAGS | 0xFFFF_0000) : -(wide & ~BAR_MEMORY_FLAGS);
    boolean below = io || (flags[index] & BAR_TYPE_MASK) != BAR_TYPE_64;
    if (Long.bitCount(size) != 1 || size <= 0 || size > SIZE_MAX) {
      return false;
    }
    int space = io ? 2 : 0;
    long end = io ? IO_END : MEMORY_32_END;
    if (!below && align(next[0], size) + size > end) {
      space = 1;
      end = Long.MAX_VALUE;
    }
    sizes[index] = size;
    addresses[index] = align(next[space], Math.max(PAGE, size));
    next[space] = addresses[index] + size;
    return next[space] <= end;
  }

  private static long align(long address, long to) {
    return address + to - 1 & -to;
  }

  /** Size of a BAR in bytes, 0 when there is none. */
  long size(int bar) {
    return sizes[bar];
  }

  long romSize() {
    return romSize;
  }

  long address(int bar) {
    return addresses[bar];
  }

  long romAddress() {
    return romAddress;
  }

  boolean io(int bar) {
    return (flags[bar] & BAR_IO) != 0;
  }

  /** The low, read-only bits of a BAR's register. */
  int flags(int bar) {
    return flags[bar];
  }

  /** Whether this register is the upper half of the 64-bit BAR before it. */
  boolean upperHalf(int bar) {
    return bar > 0
        && sizes[bar - 1] != 0
        && (flags[bar - 1] & BAR_TYPE_MASK) == BAR_TYPE_64
        && !io(bar - 1);
  }

  /** What the card's register number {@code bar} must hold. */
  int register(int bar) {
    if (upperHalf(bar)) {
      return (int) (addresses[bar - 1] >>> 32);
    }
    return sizes[bar] == 0 ? 0 : (int) addresses[bar] | flags[bar];
  }

  /** The bits of register {@code bar} that a guest may write. */
  int writable(int bar) {
    if (upperHalf(bar)) {
      return (int) (-sizes[bar - 1] >>> 32);
    }
    return sizes[bar] == 0 ? 0 : (int) -sizes[bar];
  }

  /** Whether another look at the card found the same BARs. */
  boolean sameShape(BusMap other) {
    return java.util.Arrays.equals(sizes, other.sizes)
        && java.util.Arrays.equals(flags, other.flags)
        && romSize == other.romSize;
  }
}
