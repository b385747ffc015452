package farslot.cards.virtio;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the device has counted since it was plugged in. */
final class Counts {
  long notifications;
  long requests;
  long storeErrors;

  /** Times that a driver broke the rules, so that the device could not go on. */
  long needsReset;

  /** By name, without zeroes. */
  Map<String, Long> nonZero() {
    Map<String, Long> counts = new LinkedHashMap<>();
    put(counts, "notifications", notifications);
    put(counts, "requests", requests);
    put(counts, "store errors", storeErrors);
    put(counts, "needs reset", needsReset);
    return counts;
  }

  private static void put(Map<String, Long> counts, String name, long value) {
    if (value != 0) {
      counts.put(name, value);
    }
  }
}
