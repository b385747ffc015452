package farslot.function.endpoint;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters of one endpoint. Written by its agent thread alone, read by anybody: a reader sees each
 * counter whole and never going backwards, but not all of them at one instant.
 */
public final class EndpointCounters {
  private final AtomicLongArray counts = new AtomicLongArray(EndpointCounter.values().length);

  /** A counter's value now; from any thread. */
  public long get(EndpointCounter counter) {
    return counts.getOpaque(counter.ordinal());
  }

  /** On the agent thread. One writer needs no atomic addition, only whole stores. */
  void add(EndpointCounter counter, long amount) {
    int at = counter.ordinal();
    counts.setOpaque(at, counts.getPlain(at) + amount);
  }

  void add(EndpointCounter counter) {
    add(counter, 1);
  }

  /** For people: those that are not zero. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (EndpointCounter each : EndpointCounter.values()) {
      if (get(each) != 0) {
        text.append(text.isEmpty() ? "" : " ").append(each).append('=').append(get(each));
      }
    }
    return text.toString();
  }
}
