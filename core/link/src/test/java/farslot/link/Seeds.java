package farslot.link;

/** Where random tests begin: {@code -Dfarslot.fuzz.seed}, {@code -Dfarslot.fuzz.iterations}. */
final class Seeds {
  private Seeds() {}

  static long base() {
    return Long.getLong("farslot.fuzz.seed", 20260101);
  }

  static int iterations(int otherwise) {
    return Integer.getInteger("farslot.fuzz.iterations", otherwise);
  }

  /** How many whole scenarios to play: far fewer than iterations of a parser. */
  static int scenarios() {
    return Math.clamp(iterations(0) / 50_000, 2, 200);
  }
}
