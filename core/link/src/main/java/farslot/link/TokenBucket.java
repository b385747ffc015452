package farslot.link;

/**
 * A rate with a burst: holds at most a burst of bytes, fills with the rate, and lets pass as long
 * as it is not empty, the last TLP as a whole. So in any time T pass at most {@code burst + rate *
 * T} bytes and one TLP. Exact: it counts in billionths of a byte, so that nothing is ever rounded.
 */
final class TokenBucket {
  private static final long NS_PER_SECOND = 1_000_000_000;

  /** More than any record of a TLP takes, bytes: what it may owe. */
  private static final long DEBT_MAX = 1 << 14;

  private long bytesPerSecond;
  private long burst;
  private long tokens;

  /** Taken since {@link #sinceNs}. */
  private long owed;

  private long sinceNs;

  /** After so long it is full, whatever it was. */
  private long fillNs;

  /** Changes its rate, 0 for none. One that was without is full; another keeps what it holds. */
  void set(long bytesPerSecond, long burstBytes, long nowNs) {
    refill(nowNs);
    settle();
    boolean fresh = this.bytesPerSecond == 0;
    this.bytesPerSecond = bytesPerSecond;
    if (bytesPerSecond != 0) {
      burst = burstBytes * NS_PER_SECOND;
      tokens = fresh ? burst : Math.min(tokens, burst);
      fillNs = (burst + DEBT_MAX * NS_PER_SECOND) / bytesPerSecond + 1;
    }
    sinceNs = nowNs;
  }

  /** Whether it has a rate. */
  boolean limits() {
    return bytesPerSecond != 0;
  }

  /** Whether a TLP may pass; call {@link #refill} first. */
  boolean open() {
    return tokens > owed;
  }

  /**
   * Fills it for the time that has gone by. What was taken meanwhile counts as taken at its end: a
   * bucket that was full then does not fill up again for time that was over before.
   */
  void refill(long nowNs) {
    long ns = nowNs - sinceNs;
    if (bytesPerSecond == 0 || ns <= 0) {
      return;
    }
    tokens = ns >= fillNs ? burst : Math.min(burst, tokens + bytesPerSecond * ns);
    sinceNs = nowNs;
    settle();
  }

  /** The time of the last {@link #refill} is the time: what was taken was taken by then. */
  void settle() {
    tokens -= owed;
    owed = 0;
  }

  void take(int bytes) {
    owed += bytes * NS_PER_SECOND;
  }

  /**
   * When it is worth while to look again: as soon as there is something for {@code ns} to send, or
   * half a burst, so that a turn of the thread sends many TLPs.
   */
  long worthNs(long ns) {
    long wanted = Math.min(burst / 2, bytesPerSecond * ns);
    return sinceNs + Math.max(1, (wanted - tokens + owed + bytesPerSecond - 1) / bytesPerSecond);
  }
}
