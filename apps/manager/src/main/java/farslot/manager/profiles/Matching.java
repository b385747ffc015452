package farslot.manager.profiles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Gives each of some seekers one of the things that suit it, so that as many as possible get one:
 * who comes later may make an earlier one take its second choice. The same input always ends in the
 * same.
 */
final class Matching<S, T> {
  private final Map<S, List<T>> suiting = new LinkedHashMap<>();
  private final Map<T, S> takers = new HashMap<>();
  private final List<S> without = new ArrayList<>();

  /**
   * Adds one.
   *
   * @param choices what suits it, best first
   */
  void add(S seeker, List<T> choices) {
    suiting.put(seeker, List.copyOf(choices));
    if (!augment(seeker, new HashSet<>())) {
      without.add(seeker);
    }
  }

  private boolean augment(S seeker, Set<T> tried) {
    for (T choice : suiting.get(seeker)) {
      if (!takers.containsKey(choice) && tried.add(choice)) {
        takers.put(choice, seeker);
        return true;
      }
    }
    for (T choice : suiting.get(seeker)) {
      if (tried.add(choice) && augment(takers.get(choice), tried)) {
        takers.put(choice, seeker);
        return true;
      }
    }
    return false;
  }

  /** Who got what. */
  Map<S, T> result() {
    Map<S, T> result = new LinkedHashMap<>();
    suiting.keySet().forEach(seeker -> result.put(seeker, null));
    takers.forEach((thing, seeker) -> result.put(seeker, thing));
    result.values().removeIf(Objects::isNull);
    return result;
  }

  /** Who got nothing. */
  List<S> without() {
    return List.copyOf(without);
  }
}
