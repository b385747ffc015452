package farslot.cards.nic82599;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a function counts for people, beside what the switch counts at its port. */
final class Counts {
  /** Transmit queues that were stopped: what the driver gave them makes no sense. */
  long transmitHangs;

  /** Receive queues that were stopped likewise. */
  long receiveHangs;

  /** Frames for queues that are off, or have no descriptors or no room. */
  long receiveDrops;

  /** Frames that had to wait here for descriptors or for the link. */
  long receiveWaits;

  /** What is not zero, by name. */
  Map<String, Long> nonZero() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("transmit-hangs", transmitHangs);
    all.put("receive-hangs", receiveHangs);
    all.put("receive-drops", receiveDrops);
    all.put("receive-waits", receiveWaits);
    all.values().removeIf(count -> count == 0);
    return all;
  }
}
