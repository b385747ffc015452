package farslot.chance;

import java.util.SplittableRandom;

/**
 * Tests by chance, bounded and seeded: the same seed does the same thing. {@code
 * -Dfarslot.fuzz.seed=N} replays (without a number each run of tests takes a new one), {@code
 * -Dfarslot.fuzz.iterations=N} makes runs longer, {@code -Dfarslot.fuzz.rounds=N} makes so many,
 * with seeds that follow each other.
 */
public final class Fuzz {
  private static final String SEED = "farslot.fuzz.seed";
  private static final String ITERATIONS = "farslot.fuzz.iterations";
  private static final String ROUNDS = "farslot.fuzz.rounds";

  /** One for all tests of a run, so that whoever asks twice is told the same. */
  private static final long ANY = System.nanoTime();

  /** Something to do with random numbers. */
  public interface Body {
    void run(SplittableRandom random, int iterations);
  }

  /** Something that is done once with each of several seeds. */
  public interface Round {
    void run(long seed) throws Exception;
  }

  private Fuzz() {}

  /** Where to begin: as the property says, or anywhere. Whoever fails says {@link #again}. */
  public static long seed() {
    return Long.getLong(SEED, ANY);
  }

  /**
   * How long to go on.
   *
   * @param usual unless the property says otherwise
   */
  public static int iterations(int usual) {
    return Integer.getInteger(ITERATIONS, usual);
  }

  /** How a failure is told to repeat itself. */
  public static String again(long seed) {
    return "again with -D" + SEED + "=" + seed;
  }

  /**
   * Runs the body; when it fails, says with which seed.
   *
   * @param usualIterations unless the property says otherwise
   */
  public static void run(int usualIterations, Body body) {
    int iterations = iterations(usualIterations);
    long first = seed();
    int rounds = Integer.getInteger(ROUNDS, 1);
    for (long seed = first; seed < first + rounds; seed++) {
      try {
        body.run(new SplittableRandom(seed), iterations);
      } catch (RuntimeException | Error e) {
        String longer = " -D" + ITERATIONS + "=" + iterations;
        throw new AssertionError("fuzz failed: " + e + "; " + again(seed) + longer, e);
      }
    }
  }

  /**
   * Runs so many rounds, each with the next seed; when one fails, says with which.
   *
   * @param count of rounds, {@link #iterations} as a rule
   */
  public static void rounds(int count, Round round) {
    long first = seed();
    for (long seed = first; seed < first + count; seed++) {
      try {
        round.run(seed);
      } catch (Exception | Error e) {
        throw new AssertionError("fuzz failed: " + e + "; " + again(seed), e);
      }
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
