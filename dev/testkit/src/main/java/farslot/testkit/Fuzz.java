package farslot.testkit;

import java.util.SplittableRandom;

/**
 * Bounded, seeded fuzzing: the same seed does the same thing. {@code -Dfarslot.fuzz.seed=N} replays
 * one run (none is a new one each time), {@code -Dfarslot.fuzz.iterations=N} makes runs longer,
 * {@code -Dfarslot.fuzz.rounds=N} makes so many, with seeds that follow each other.
 */
public final class Fuzz {
  private static final String SEED = "farslot.fuzz.seed";
  private static final String ITERATIONS = "farslot.fuzz.iterations";
  private static final String ROUNDS = "farslot.fuzz.rounds";

  /** Something to do with random numbers. */
  public interface Body {
    void run(SplittableRandom random, int iterations);
  }

  private Fuzz() {}

  /**
   * Runs the body; when it fails, says with which seed.
   *
   * @param usualIterations unless the property says otherwise
   */
  public static void run(int usualIterations, Body body) {
    long seed = Long.getLong(SEED, System.nanoTime());
    int iterations = Integer.getInteger(ITERATIONS, usualIterations);
    int rounds = Integer.getInteger(ROUNDS, 1);
    for (int round = 0; round < rounds; round++) {
      run(seed + round, iterations, body);
    }
  }

  private static void run(long seed, int iterations, Body body) {
    try {
      body.run(new SplittableRandom(seed), iterations);
    } catch (RuntimeException | Error e) {
      String again = "-D" + SEED + "=" + seed + " -D" + ITERATIONS + "=" + iterations;
      throw new AssertionError("fuzz failed: " + e + "; again with " + again, e);
    }
  }

  /** Random bytes. */
  public static byte[] bytes(SplittableRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Any number, but those at the edges far more often than chance would have it. */
  public static long edgy(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> -1L >>> random.nextInt(64);
      case 2 -> 1L << random.nextInt(64);
      case 3 -> random.nextInt(16);
      default -> random.nextLong();
    };
  }
}
