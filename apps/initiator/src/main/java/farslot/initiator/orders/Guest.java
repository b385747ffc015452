package farslot.initiator.orders;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A guest as it was last seen. */
final class Guest {
  /** A device that nobody claims is asked for again after this; doubles each time. */
  private static final long STRAY_NS = 6_000_000_000L;

  private static final long STRAY_NS_MAX = 60_000_000_000L;

  final String name;

  /** Whether it was looked for at all. */
  boolean known;

  boolean running;
  String detail = "not looked for yet";
  int freePorts;

  /** Functions that it has, each with its root port. */
  Map<String, String> functions = Map.of();

  /** When to ask next for what nobody claims. */
  private final Map<String, Stray> strays = new HashMap<>();

  private record Stray(long nextNs, long pauseNs) {}

  Guest(String name) {
    this.name = name;
  }

  /** Whether a stray has to be asked for now. */
  boolean strayIsDue(String function, long nowNs) {
    Stray stray = strays.get(function);
    if (stray != null && nowNs - stray.nextNs < 0) {
      return false;
    }
    long pauseNs = stray == null ? STRAY_NS : Math.min(STRAY_NS_MAX, 2 * stray.pauseNs);
    strays.put(function, new Stray(nowNs + pauseNs, pauseNs));
    return true;
  }

  /** Forgets strays but these. */
  void keepStrays(Set<String> functions) {
    strays.keySet().retainAll(functions);
  }

  /** When a stray is due; {@code Long.MAX_VALUE} for none. */
  long deadlineNs() {
    long first = Long.MAX_VALUE;
    for (Stray stray : strays.values()) {
      first = Math.min(first, stray.nextNs);
    }
    return first;
  }
}
