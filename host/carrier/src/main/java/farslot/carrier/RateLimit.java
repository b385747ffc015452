package farslot.carrier;

/** So many a second, and some in a burst. */
final class RateLimit {
  private static final long NS_PER_S = 1_000_000_000L;
  private final long intervalNs;
  private final long burstNs;
  private long fullNs;

  /**
   * @param burst how many may come at once after a pause
   */
  RateLimit(int perSecond, int burst, long nowNs) {
    intervalNs = NS_PER_S / perSecond;
    burstNs = intervalNs * burst;
    fullNs = nowNs - burstNs;
  }

  /** Whether one more may be. */
  boolean take(long nowNs) {
    fullNs = Math.max(fullNs, nowNs - burstNs);
    if (fullNs + intervalNs > nowNs) {
      return false;
    }
    fullNs += intervalNs;
    return true;
  }
}
