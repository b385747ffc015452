package farslot.link;

/**
 * What a function may send, by the policy of the end that sends: each end shapes its own direction
 * (docs/spec/pcieoe.md, section 8.5). What counts is records that carry TLPs, pushes and events,
 * headers and padding included; control records, credits and acknowledgements are never held back.
 *
 * <p>Up to the committed rate a function is served before all others of its session, whatever they
 * want; beyond it, when a session's rails are full, what they still carry is shared among the
 * traffic classes, each getting twice the share of the next lower one, and in turns within a class.
 * The peak rate is never exceeded, however idle the rails are. A function may save up either rate
 * while it is quiet, and then send so many bytes at once as the burst says.
 *
 * @param committedBytesPerSecond 0 for none, else {@link #RATE_MIN} to {@link #RATE_MAX}
 * @param peakBytesPerSecond the same; not less than what is committed
 * @param burstBytes 0 for what suits the rates, else {@link #BURST_MIN} to {@link #BURST_MAX}
 * @param trafficClass 0, which everybody has, to {@link #CLASS_MAX}
 */
public record Qos(
    long committedBytesPerSecond, long peakBytesPerSecond, long burstBytes, int trafficClass) {
  /**
   * Least rate, bytes a second: below it a guest's register read could wait longer behind its
   * card's data than the server's {@code AccessTable} waits for the answer.
   */
  public static final long RATE_MIN = 1_000_000;

  /** Largest rate, bytes a second. */
  public static final long RATE_MAX = 1_000_000_000_000L;

  /** Least burst, bytes: two of the largest TLPs. */
  public static final long BURST_MIN = 8 << 10;

  /** Largest burst, bytes. */
  public static final long BURST_MAX = 1 << 30;

  /** Highest traffic class; PCI Express has as many. */
  public static final int CLASS_MAX = 7;

  /** No rates, the lowest class: what a function has about which nothing is said. */
  public static final Qos NONE = new Qos(0, 0, 0, 0);

  /** A burst about which nothing is said is what the rate sends in so long. */
  private static final long USUAL_BURSTS_PER_SECOND = 50;

  private static final long USUAL_BURST_MIN = 128 << 10;

  public Qos {
    rate("committed", committedBytesPerSecond);
    rate("peak", peakBytesPerSecond);
    if (peakBytesPerSecond != 0 && peakBytesPerSecond < committedBytesPerSecond) {
      throw new IllegalArgumentException(
          "peak: %d bytes a second is less than what is committed, %d"
              .formatted(peakBytesPerSecond, committedBytesPerSecond));
    }
    if (burstBytes != 0 && (burstBytes < BURST_MIN || burstBytes > BURST_MAX)) {
      throw new IllegalArgumentException(
          "burst: %d bytes is not within %d to %d".formatted(burstBytes, BURST_MIN, BURST_MAX));
    }
    if (burstBytes != 0 && committedBytesPerSecond == 0 && peakBytesPerSecond == 0) {
      throw new IllegalArgumentException("burst: means nothing without a committed or a peak rate");
    }
    if (trafficClass < 0 || trafficClass > CLASS_MAX) {
      throw new IllegalArgumentException(
          "class: %d is not within 0 to %d".formatted(trafficClass, CLASS_MAX));
    }
  }

  private static void rate(String what, long bytesPerSecond) {
    if (bytesPerSecond != 0 && (bytesPerSecond < RATE_MIN || bytesPerSecond > RATE_MAX)) {
      throw new IllegalArgumentException(
          "%s: %d bytes a second is not within %d to %d"
              .formatted(what, bytesPerSecond, RATE_MIN, RATE_MAX));
    }
  }

  /** Whether it says nothing. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** How many bytes may be sent at once by a rate of this one, bytes. */
  long burstBytes(long bytesPerSecond) {
    return burstBytes != 0
        ? burstBytes
        : Math.clamp(bytesPerSecond / USUAL_BURSTS_PER_SECOND, USUAL_BURST_MIN, BURST_MAX);
  }
}
