package farslot.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing plan shorter: leaves out ever smaller groups of steps as long as the same rule is
 * still broken (delta debugging).
 *
 * @param <S> a step
 */
public final class Shrinker<S> {
  private static final int RUNS_MAX = 400;
  private final Predicate<List<S>> breaks;
  private List<S> best;
  private int runs;

  private Shrinker(List<S> steps, Predicate<List<S>> breaks) {
    this.best = steps;
    this.breaks = breaks;
  }

  /**
   * The fewest steps found that break the same rule.
   *
   * @param breaks whether these do
   */
  public static <S> List<S> fewest(List<S> steps, Predicate<List<S>> breaks) {
    Shrinker<S> shrinker = new Shrinker<>(steps, breaks);
    shrinker.shrink();
    return shrinker.best;
  }

  private void shrink() {
    int group = Math.max(1, best.size() / 2);
    while (runs < RUNS_MAX) {
      boolean shorter = leaveOut(group);
      if (!shorter && group == 1) {
        return;
      }
      group = shorter ? Math.min(group, Math.max(1, best.size() / 2)) : group / 2;
    }
  }

  /** Tries each group of so many steps; true when one could go. */
  private boolean leaveOut(int group) {
    boolean shorter = false;
    // From the end: what happened after the failure goes first.
    for (int end = best.size(); end > 0 && runs < RUNS_MAX; end -= group) {
      int to = Math.min(end, best.size());
      List<S> fewer = new ArrayList<>(best);
      fewer.subList(Math.max(0, to - group), to).clear();
      runs++;
      if (breaks.test(List.copyOf(fewer))) {
        best = List.copyOf(fewer);
        shorter = true;
      }
    }
    return shorter;
  }
}
