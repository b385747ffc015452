package farslot.fabric;

/**
 * Which pages of the server's memory may be at the card's end, because they have been pushed since
 * the last revocation. It forgets nothing and is sometimes wrong in one direction: a page that
 * shares its bit with a pushed one counts as pushed, which costs a revocation too many and no more.
 * So it never fills up and has one size.
 */
final class PushedPages {
  static final int PAGE_SHIFT = 12;
  private static final int BITS_LOG2 = 14;
  private static final int WORDS = 1 << BITS_LOG2 - 6;

  /** 2^64 over the golden ratio: neighbours, and what is a power of two apart, are scattered. */
  private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

  /** Longer ranges are not looked at page by page. */
  private static final int PAGES_LOOKED_AT_MAX = 1024;

  private long[] bits;
  private boolean empty = true;

  boolean isEmpty() {
    return empty;
  }

  void clear() {
    if (!empty) {
      java.util.Arrays.fill(bits, 0);
      empty = true;
    }
  }

  /** The page of this address has been pushed, or a part of it. */
  void add(long address) {
    if (bits == null) {
      bits = new long[WORDS];
    }
    int bit = bit(address >>> PAGE_SHIFT);
    bits[bit >> 6] |= 1L << bit;
    empty = false;
  }

  /** Whether any page of the range may be among them. */
  boolean mayHold(long address, long bytes) {
    if (empty || bytes <= 0) {
      return false;
    }
    long first = address >>> PAGE_SHIFT;
    long last = address + (bytes - 1) >>> PAGE_SHIFT;
    if (last - first >= PAGES_LOOKED_AT_MAX || last < first) {
      return true;
    }
    for (long page = first; page <= last; page++) {
      int bit = bit(page);
      if ((bits[bit >> 6] & 1L << bit) != 0) {
        return true;
      }
    }
    return false;
  }

  private static int bit(long page) {
    return (int) (page * SCATTER >>> 64 - BITS_LOG2);
  }
}
