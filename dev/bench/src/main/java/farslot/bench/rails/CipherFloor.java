package farslot.bench.rails;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * What protection takes at least: the JDK alone seals a message and opens it again, from array to
 * array, on one thread, with no rail around it.
 */
abstract class CipherFloor {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int BATCH = 500;

  private final Map<Integer, Double> known = new HashMap<>();

  /** The longest message that is sealed as one, bytes. */
  abstract int bytesMax();

  /** Seals a message and opens it. */
  abstract void exchange(int bytes) throws GeneralSecurityException, SSLException;

  /** Processor time of one message, nanoseconds; the best batch counts. */
  final double ns(int bytes) throws GeneralSecurityException, SSLException {
    Double before = known.get(bytes);
    if (before != null) {
      return before;
    }
    double best = Double.MAX_VALUE;
    for (Warmth warmth = new Warmth(); !warmth.reached(); warmth.round(best)) {
      best = Math.min(best, round(bytes));
    }
    known.put(bytes, best);
    return best;
  }

  private double round(int bytes) throws GeneralSecurityException, SSLException {
    long best = Long.MAX_VALUE;
    for (long begunNs = System.nanoTime(); System.nanoTime() - begunNs < Warmth.ROUND_NS; ) {
      long usedNs = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < BATCH; i++) {
        exchange(bytes);
      }
      best = Math.min(best, THREADS.getCurrentThreadCpuTime() - usedNs);
    }
    return (double) best / BATCH;
  }
}
