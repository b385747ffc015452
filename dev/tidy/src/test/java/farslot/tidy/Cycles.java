package farslot.tidy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ways in circles through what uses what. */
final class Cycles {
  private final Map<String, Set<String>> used;
  private final Deque<String> way = new ArrayDeque<>();
  private final Set<String> done = new HashSet<>();
  private final List<List<String>> found = new ArrayList<>();

  private Cycles(Map<String, Set<String>> used) {
    this.used = used;
  }

  /** One for each use that leads back; each begins and ends with the same name. */
  static List<List<String>> of(Map<String, Set<String>> used) {
    Cycles cycles = new Cycles(used);
    used.keySet().forEach(cycles::visit);
    return cycles.found;
  }

  private void visit(String name) {
    if (way.contains(name)) {
      List<String> cycle = new ArrayList<>(way);
      cycle = new ArrayList<>(cycle.subList(cycle.indexOf(name), cycle.size()));
      cycle.add(name);
      found.add(cycle);
    } else if (!done.contains(name)) {
      way.addLast(name);
      used.getOrDefault(name, Set.of()).forEach(this::visit);
      way.removeLast();
      done.add(name);
    }
  }
}
