package farslot.fabric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How long a card takes to answer what its guest reads of it: of the last thousands of reads, to an
 * eighth. Written by the agent, which allocates nothing for it; readable from any thread.
 */
public final class ReadLatency {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

  /** Eight buckets to each power of two. */
  private static final int FINE_BITS = 3;

  private static final int FINE = 1 << FINE_BITS;
  private static final int BUCKETS = 64 * FINE;

  /** When there are so many, each counts half: what is told is how it is lately. */
  private static final int COUNT_MAX = 8192;

  private final int[] counts = new int[BUCKETS];
  private int count;

  void add(long ns) {
    int bucket = bucket(Math.max(FINE, ns));
    SLOT.setOpaque(counts, bucket, counts[bucket] + 1);
    if (++count == COUNT_MAX) {
      halve();
    }
  }

  private void halve() {
    count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      SLOT.setOpaque(counts, i, counts[i] / 2);
      count += counts[i];
    }
  }

  private static int bucket(long ns) {
    int exponent = 63 - Long.numberOfLeadingZeros(ns);
    return exponent * FINE + (int) (ns >>> exponent - FINE_BITS & FINE - 1);
  }

  /** The middle of a bucket's times. */
  private static long ofBucket(int bucket) {
    int exponent = bucket / FINE;
    long width = 1L << exponent - FINE_BITS;
    return (1L << exponent) + bucket % FINE * width + width / 2;
  }

  /**
   * The time within which so many of a hundred reads were answered.
   *
   * @param percent 1 to 100
   * @return nanoseconds; 0 if nothing was read yet
   */
  public long percentileNs(int percent) {
    int[] now = new int[BUCKETS];
    long all = 0;
    for (int i = 0; i < BUCKETS; i++) {
      now[i] = (int) SLOT.getOpaque(counts, i);
      all += now[i];
    }
    long wanted = (all * percent + 99) / 100;
    for (int i = 0; i < BUCKETS && wanted > 0; i++) {
      wanted -= now[i];
      if (wanted <= 0) {
        return ofBucket(i);
      }
    }
    return 0;
  }
}
