package farslot.store.engine;

import java.util.function.LongSupplier;

/**
 * Time as far as this process has lived through it. It is read often; where a long time lies
 * between two readings, the process stood still (stopped, suspended, a clock that jumped), and
 * could not have heard of anybody who keeps a lease alive. That time does not count, and neither
 * does time that goes backwards. So leases may live longer than they said, never shorter.
 */
public final class LivedTime {
  /** The longest time between two readings that counts. */
  public static final long STEP_NS_MAX = 1_000_000_000L;

  private final LongSupplier clockNs;
  private long readNs;
  private long livedNs;

  /**
   * @param clockNs a monotonic clock, such as {@link System#nanoTime}; never the time of day
   */
  public LivedTime(LongSupplier clockNs) {
    this.clockNs = clockNs;
    readNs = clockNs.getAsLong();
  }

  /** How long, in nanoseconds. */
  public long nowNs() {
    long now = clockNs.getAsLong();
    livedNs += Math.clamp(now - readNs, 0, STEP_NS_MAX);
    readNs = now;
    return livedNs;
  }
}
