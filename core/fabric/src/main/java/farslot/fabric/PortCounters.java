package farslot.fabric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One counter for each {@link PortEvent}: written by the agent, readable from any thread. */
final class PortCounters {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private final long[] counts = new long[PortEvent.values().length];

  void add(PortEvent event) {
    SLOT.setOpaque(counts, event.ordinal(), counts[event.ordinal()] + 1);
  }

  long of(PortEvent event) {
    return (long) SLOT.getOpaque(counts, event.ordinal());
  }
}
