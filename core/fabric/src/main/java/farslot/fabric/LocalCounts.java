package farslot.fabric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/** What need not go to the card: written by the agent, readable from any thread. */
final class LocalCounts {
  /** What is counted. */
  enum Count {
    /** Ranges of registers whose values the card has told. */
    EVENTS,
    /** Those that could not be used: too many, or not in order with what the card writes. */
    EVENTS_IGNORED,
    /** Reads of registers that were answered from what the card has told. */
    REGISTER_READS,
    /** Reads of such registers that went to the card, because a write might have changed them. */
    REGISTER_READS_UNSURE,
    /** DWs of configuration space that cannot change and were answered from what was read once. */
    CONFIG_READS
  }

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private final long[] counts = new long[Count.values().length];

  void add(Count count) {
    SLOT.setOpaque(counts, count.ordinal(), counts[count.ordinal()] + 1);
  }

  /** All of them, by name. */
  Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Count count : Count.values()) {
      String name = count.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      all.put(name, (long) SLOT.getOpaque(counts, count.ordinal()));
    }
    return all;
  }
}
