package farslot.link;

/** Sequence numbers: 32 bits that wrap, compared by their distance (RFC 1982). */
final class Seq {
  private Seq() {}

  static boolean before(int a, int b) {
    return a - b < 0;
  }

  static boolean after(int a, int b) {
    return a - b > 0;
  }

  /** Whether {@code value} lies in the window from {@code first} to {@code last}, both included. */
  static boolean within(int value, int first, int last) {
    return Integer.compareUnsigned(value - first, last - first) <= 0;
  }
}
