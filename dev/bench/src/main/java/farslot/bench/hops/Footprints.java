package farslot.bench.hops;

/**
 * When operations went over from one hop to another, as one thread has seen it. Written by that
 * thread, read by others after it has stopped writing.
 */
final class Footprints {
  private static final Hop[] HOPS = Hop.values();

  private final long[] timesNs;
  private final byte[] hops;
  private int count;
  private boolean on;

  /**
   * @param room what comes when it is used up is not noted
   */
  Footprints(int room) {
    timesNs = new long[room];
    hops = new byte[room];
  }

  /** Begins anew. */
  void begin() {
    count = 0;
    on = true;
  }

  void end() {
    on = false;
  }

  /** From now on it is there. */
  void at(Hop hop) {
    if (on) {
      at(hop, System.nanoTime());
    }
  }

  /** From then on it was there. */
  void at(Hop hop, long timeNs) {
    if (on && count < timesNs.length) {
      timesNs[count] = timeNs;
      hops[count] = (byte) hop.ordinal();
      count++;
    }
  }

  int count() {
    return count;
  }

  long timeNs(int index) {
    return timesNs[index];
  }

  Hop hop(int index) {
    return HOPS[hops[index]];
  }
}
