package farslot.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what the calling thread allocates, for paths that must not. */
public final class Allocations {
  private static final int ROUNDS = 5;

  private Allocations() {}

  /**
   * Bytes that one turn allocates once it is warm. Compilers and class loading allocate now and
   * then, so several rounds are run and the best counts.
   */
  public static double perTurn(int turns, Runnable turn) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double least = Double.MAX_VALUE;
    for (int round = 0; round <= ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < turns; i++) {
        turn.run();
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      least = round == 0 ? least : Math.min(least, (double) bytes / turns);
    }
    return least;
  }
}
