package farslot.manager.engine;

import farslot.api.agent.Load;

/** What a function carries a second, between the last two reports that were apart enough. */
final class Rate {
  /** Reports may come closer together than their counters say anything about a rate. */
  private static final long APART_NS = 500_000_000L;

  private static final double SECOND_NS = 1e9;

  private Load before;
  private long beforeNs;
  private Load last = Load.NONE;
  private double bytesDown;
  private double bytesUp;
  private double operations;

  void take(Load load, long nowNs) {
    last = load;
    if (before == null || load.bytesDown() < before.bytesDown()) {
      before = load; // The first, or counters that began anew.
      beforeNs = nowNs;
      return;
    }
    long apartNs = nowNs - beforeNs;
    if (apartNs < APART_NS) {
      return;
    }
    bytesDown = perSecond(load.bytesDown() - before.bytesDown(), apartNs);
    bytesUp = perSecond(load.bytesUp() - before.bytesUp(), apartNs);
    operations = perSecond(load.operations() - before.operations(), apartNs);
    before = load;
    beforeNs = nowNs;
  }

  private static double perSecond(long count, long ns) {
    return Math.max(0, count) * SECOND_NS / ns;
  }

  /** The counters themselves. */
  Load last() {
    return last;
  }

  long bytesDownPerSecond() {
    return Math.round(bytesDown);
  }

  long bytesUpPerSecond() {
    return Math.round(bytesUp);
  }

  long operationsPerSecond() {
    return Math.round(operations);
  }
}
