package farslot.bench.rails;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Whether what is measured has been compiled: for some rounds in a row an operation took no less of
 * the processors than before, and the compilers had little to do. Neither tells by itself. TLS
 * alone is some hundred methods, each compiled twice, and on a busy machine the compilers wait for
 * their turn while figures stand still.
 */
final class Warmth {
  /** A round, for each of those that take turns. */
  static final long ROUND_NS = 500_000_000L;

  private static final int ROUNDS_MAX = 60;

  /** So many in a row. */
  private static final int SETTLED = 4;

  /** What another round has to save at least to be worth it. */
  private static final double GAIN_LEAST = 0.03;

  /** Of compiling, in a round. */
  private static final long COMPILED_MS_MAX = 40;

  private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();

  private double least = Double.MAX_VALUE;
  private long compiledMs = COMPILERS.getTotalCompilationTime();
  private int rounds;
  private int settled;

  /** A round has come to its end, in which an operation took that much. */
  void round(double cost) {
    long nowMs = COMPILERS.getTotalCompilationTime();
    boolean busy = cost < least * (1 - GAIN_LEAST) || nowMs - compiledMs > COMPILED_MS_MAX;
    settled = busy ? 0 : settled + 1;
    least = Math.min(least, cost);
    compiledMs = nowMs;
    rounds++;
  }

  boolean reached() {
    return settled >= SETTLED || rounds >= ROUNDS_MAX;
  }
}
