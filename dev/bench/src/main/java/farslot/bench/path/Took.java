package farslot.bench.path;

import org.HdrHistogram.Histogram;

/** Told how long each operation took, on the data thread. */
public interface Took {
  /** Times as of {@link System#nanoTime}. */
  void took(long beginNs, long endNs);

  /** Counts into a histogram, nanoseconds. */
  static Took into(Histogram histogram) {
    return (beginNs, endNs) -> histogram.recordValue(endNs - beginNs);
  }
}
