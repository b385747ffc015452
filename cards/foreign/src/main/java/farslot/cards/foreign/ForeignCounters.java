package farslot.cards.foreign;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Counters of one foreign device, on the agent thread. */
final class ForeignCounters {
  private final long[] counts = new long[ForeignEvent.values().length];

  void add(ForeignEvent event) {
    counts[event.ordinal()]++;
  }

  /** What is not zero, for people. */
  Map<String, Long> counts() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (ForeignEvent event : ForeignEvent.values()) {
      if (counts[event.ordinal()] != 0) {
        all.put(event.name().toLowerCase(Locale.ROOT), counts[event.ordinal()]);
      }
    }
    return all;
  }
}
