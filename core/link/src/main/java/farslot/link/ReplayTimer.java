package farslot.link;

/**
 * When frames that nobody acknowledges are sent again on a rail that may lose them
 * (docs/spec/pcieoe.md, section 6).
 */
final class ReplayTimer {
  private static final long NS_LEAST = 10_000_000;
  private static final long NS_MAX = 1_000_000_000;
  private long sinceNs;
  private long backOffNs = NS_LEAST;

  /** Something was acknowledged, or is the first to wait for it. */
  void progress(long nowNs) {
    sinceNs = nowNs;
    backOffNs = NS_LEAST;
  }

  /** Everything has been sent again for another reason. */
  void restart(long nowNs) {
    sinceNs = nowNs;
  }

  /** It has expired, and what there is has been sent again. */
  void expired(long nowNs) {
    sinceNs = nowNs;
    backOffNs = Math.min(NS_MAX, 2 * backOffNs);
  }

  long deadlineNs(long roundTripNs) {
    return sinceNs + Math.min(NS_MAX, Math.max(backOffNs, 4 * roundTripNs));
  }
}
