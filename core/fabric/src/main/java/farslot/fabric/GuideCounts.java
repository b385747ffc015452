package farslot.fabric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a function's guide has done: written by the agent, readable from any thread. */
final class GuideCounts {
  /** What is counted. */
  enum Count {
    /** Ranges pushed, each inside a page. */
    PUSHES,
    /** Bytes in them. */
    PUSHED_BYTES,
    /** Ranges that were to be pushed and were not: no credits, too many, not there. */
    REFUSED,
    /** Revocations sent. */
    REVOKES,
    /** Doorbells that a later one made superfluous before they went. */
    COMBINED
  }

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private final long[] counts = new long[Count.values().length];

  void add(Count count, long more) {
    SLOT.setOpaque(counts, count.ordinal(), counts[count.ordinal()] + more);
  }

  long of(Count count) {
    return (long) SLOT.getOpaque(counts, count.ordinal());
  }

  /** All of them, by name. */
  Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Count count : Count.values()) {
      all.put(count.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), of(count));
    }
    return all;
  }
}
