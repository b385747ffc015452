package farslot.cards.nic82599.bridge;

/**
 * A rate and what may be sent at once beyond it. Time is a parameter, in nanoseconds of any origin
 * that does not go backwards.
 */
final class TokenBucket {
  private static final long NS_PER_S = 1_000_000_000L;

  private final long bps;
  private final long capacityBits;
  private final long fillNs;
  private long bits;
  private long filledNs;

  /**
   * @param bps bits a second, 0 for no limit
   * @param burstBytes at most 1 GiB, so that no product here overflows
   */
  TokenBucket(long bps, long burstBytes, long nowNs) {
    assert burstBytes > 0 && burstBytes <= 1L << 30 : burstBytes;
    this.bps = bps;
    capacityBits = burstBytes * 8;
    fillNs = bps == 0 ? 0 : capacityBits * NS_PER_S / bps + 1;
    bits = capacityBits;
    filledNs = nowNs;
  }

  /** Whether so many bytes may pass now; takes nothing. */
  boolean has(int bytes, long nowNs) {
    if (bps == 0) {
      return true;
    }
    fill(nowNs);
    return bits >= bytes * 8L;
  }

  /** Takes what {@link #has} said was there. */
  void take(int bytes) {
    if (bps != 0) {
      bits -= bytes * 8L;
      assert bits >= 0 : bits;
    }
  }

  private void fill(long nowNs) {
    long elapsed = nowNs - filledNs;
    if (elapsed <= 0) {
      return;
    }
    if (elapsed >= fillNs) {
      bits = capacityBits;
      filledNs = nowNs;
      return;
    }
    long more = elapsed * bps / NS_PER_S;
    if (bits + more >= capacityBits) {
      bits = capacityBits;
      filledNs = nowNs;
    } else {
      bits += more;
      // Only the time that made whole bits is used up: the rest counts next time.
      filledNs += more * NS_PER_S / bps;
    }
  }
}
