package farslot.carrier.seal;

/** Which of the last packet numbers have come, so that none is taken twice (as RFC 6479 does). */
final class ReplayWindow {
  /** Numbers back from the newest that are still told apart. */
  static final int SIZE = 4096;

  /** One word more than the window, so that the newest word can be cleared ahead. */
  private static final int WORDS = SIZE / Long.SIZE * 2;

  private final long[] seen = new long[WORDS];
  private long newest = -1;

  /** Whether a number has not come, and is not so old that nobody knows. */
  boolean isNew(long number) {
    if (number < 0 || number <= newest - SIZE) {
      return false;
    }
    return number > newest || (seen[word(number)] & 1L << number) == 0;
  }

  /** It has come, and nobody can have made it up. */
  void take(long number) {
    if (number > newest) {
      long words = Math.min(WORDS, (number >> 6) - (newest >> 6));
      for (long i = 0; i < words; i++) {
        seen[word(number - (i << 6))] = 0;
      }
      newest = number;
    }
    seen[word(number)] |= 1L << number;
  }

  private static int word(long number) {
    return (int) (number >>> 6) & WORDS - 1;
  }
}
