package farslot.fabric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/** One counter for each {@link PortEvent}: written by the agent, readable from any thread. */
final class PortCounters {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private final long[] counts = new long[PortEvent.values().length];

  private final ReadLatency readLatency = new ReadLatency();

  void add(PortEvent event) {
    SLOT.setOpaque(counts, event.ordinal(), counts[event.ordinal()] + 1);
  }

  /** All that are not 0. */
  Map<PortEvent, Long> snapshot() {
    Map<PortEvent, Long> all = new EnumMap<>(PortEvent.class);
    for (PortEvent event : PortEvent.values()) {
      if (of(event) != 0) {
        all.put(event, of(event));
      }
    }
    return all;
  }

  ReadLatency readLatency() {
    return readLatency;
  }

  long of(PortEvent event) {
    return (long) SLOT.getOpaque(counts, event.ordinal());
  }
}
