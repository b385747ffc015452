package farslot.manager.profiles;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How long things have been so, as seen by one who looks now and then. After a restart all times
 * begin anew: what a manager has not seen itself it does not act upon.
 */
final class Absences {
  private final Map<String, Long> sinceNs = new HashMap<>();
  private final Set<String> told = new HashSet<>();

  /**
   * Notes how something is.
   *
   * @return how long it has been so, in nanoseconds; -1 if it is not
   */
  long take(String what, boolean so, long nowNs) {
    if (!so) {
      sinceNs.remove(what);
      told.remove(what);
      return -1;
    }
    return nowNs - sinceNs.computeIfAbsent(what, _ -> nowNs);
  }

  /** Whether this is the first time that it is asked since it became so. */
  boolean first(String what) {
    return told.add(what);
  }

  /** Forgets all that is not among these. */
  void retain(Set<String> all) {
    sinceNs.keySet().retainAll(all);
    told.retainAll(all);
  }
}
