package farslot.manager.profiles;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * For how long things have been so, as seen by one who looks now and then. After a restart all
 * times begin anew: what a manager has not seen itself it does not act upon.
 */
final class Absences {
  private final Map<String, Long> sinceNs = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private final Set<String> looked = new HashSet<>();
  private long nowNs;
  private long againNs;

  /** A look begins. */
  void begin(long atNs) {
    nowNs = atNs;
    againNs = Long.MAX_VALUE;
    looked.clear();
  }

  /** A look ends: what it did not ask for is not so any more. */
  void end() {
    sinceNs.keySet().retainAll(looked);
    told.retainAll(looked);
  }

  /** Whether something, which is so, has been so for this long; if not, when to look again. */
  boolean lasts(String what, long ms) {
    looked.add(what);
    long dueNs = sinceNs.computeIfAbsent(what, _ -> nowNs) + TimeUnit.MILLISECONDS.toNanos(ms);
    if (nowNs - dueNs >= 0) {
      return true;
    }
    againNs = Math.min(againNs, dueNs);
    return false;
  }

  /** For how many whole seconds it has been so. */
  long seconds(String what) {
    return TimeUnit.NANOSECONDS.toSeconds(nowNs - sinceNs.getOrDefault(what, nowNs));
  }

  /** Whether this is the first time that it is told since it became so. */
  boolean first(String what) {
    return told.add(what);
  }

  /** When to look again even if nothing changes. */
  long againNs() {
    return againNs;
  }
}
