package farslot.function;

import java.util.List;

/**
 * Registers that the server's end may answer reads of by itself: it is told what they hold, and
 * asks again where it cannot be sure.
 *
 * @param registers reads of these do nothing but read, in whatever width (but for times of which
 *     {@link PciFunction#readsPlainly} tells), and what they hold changes only by writes, by
 *     resets, or with a word from the card ({@link FunctionPort#registersChanged}) ahead of
 *     anything else by which software could learn of it
 * @param harmless writes that lie wholly in one of these change none of those registers, or the
 *     card says so as it does of changes of its own: a doorbell, memory on the card
 */
public record ReadMostly(List<Range> registers, List<Range> harmless) {
  /** Nothing: every read goes to the card. */
  public static final ReadMostly NONE = new ReadMostly(List.of(), List.of());

  /** Ranges of either kind that a function can have. */
  public static final int RANGES_MAX = 8;

  /** Bytes of a range of registers. */
  public static final int REGISTER_BYTES_MAX = 256;

  /**
   * Part of a memory BAR.
   *
   * @param bar 0 to 5
   * @param offset in the BAR, a multiple of 4
   * @param bytes a positive multiple of 4
   */
  public record Range(int bar, long offset, long bytes) {
    public Range {
      if ((offset | bytes) % 4 != 0 || offset < 0 || bytes < 4 || offset + bytes > 1L << 32) {
        throw new IllegalArgumentException(
            "%d bytes at %#x of BAR %d are no registers".formatted(bytes, offset, bar));
      }
    }

    /** Whether all of these bytes are in it. */
    public boolean holds(int otherBar, long at, long count) {
      return otherBar == bar && at >= offset && at + count <= offset + bytes;
    }
  }

  public ReadMostly {
    registers = List.copyOf(registers);
    harmless = List.copyOf(harmless);
    if (registers.size() > RANGES_MAX || harmless.size() > RANGES_MAX) {
      throw new IllegalArgumentException("more than " + RANGES_MAX + " ranges");
    }
    for (Range range : registers) {
      if (range.bytes > REGISTER_BYTES_MAX) {
        throw new IllegalArgumentException(range + " is longer than " + REGISTER_BYTES_MAX);
      }
    }
  }
}
