package farslot.link;

/** Bytes a second, over the last second that is over. */
final class RateMeter {
  private static final long SECOND_NS = 1_000_000_000;
  private long sinceNs = Long.MIN_VALUE;
  private long bytes;
  private long rate;

  void add(int bytes, long nowNs) {
    roll(nowNs);
    this.bytes += bytes;
  }

  private void roll(long nowNs) {
    if (sinceNs == Long.MIN_VALUE) {
      sinceNs = nowNs;
    }
    long ns = nowNs - sinceNs;
    if (ns >= SECOND_NS) {
      rate = (long) ((double) bytes * SECOND_NS / ns);
      bytes = 0;
      sinceNs = nowNs;
    }
  }

  long bytesPerSecond(long nowNs) {
    roll(nowNs);
    return rate;
  }
}
