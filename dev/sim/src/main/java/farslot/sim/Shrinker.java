package farslot.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a failing plan shorter: leaves out ever smaller groups of steps as long as the same rule is
 * still broken (delta debugging).
 */
final class Shrinker {
  private static final int RUNS_MAX = 400;
  private final Mischief.Maker mischief;
  private final Rule rule;
  private Plan best;
  private int runs;

  private Shrinker(Plan plan, Rule rule, Mischief.Maker mischief) {
    this.best = plan;
    this.rule = rule;
    this.mischief = mischief;
  }

  /** The shortest plan found that breaks the same rule. */
  static Plan shortest(Plan plan, Rule rule, Mischief.Maker mischief) {
    Shrinker shrinker = new Shrinker(plan, rule, mischief);
    shrinker.shrink();
    return shrinker.best;
  }

  private void shrink() {
    int group = Math.max(1, best.steps().size() / 2);
    while (runs < RUNS_MAX) {
      boolean shorter = leaveOut(group);
      if (!shorter && group == 1) {
        return;
      }
      group = shorter ? Math.min(group, Math.max(1, best.steps().size() / 2)) : group / 2;
    }
  }

  /** Tries each group of so many steps; true when one could go. */
  private boolean leaveOut(int group) {
    boolean shorter = false;
    // From the end: what happened after the failure goes first.
    for (int end = best.steps().size(); end > 0 && runs < RUNS_MAX; end -= group) {
      int to = Math.min(end, best.steps().size());
      List<Step> fewer = new ArrayList<>(best.steps());
      fewer.subList(Math.max(0, to - group), to).clear();
      Plan candidate = best.with(List.copyOf(fewer));
      if (breaks(candidate)) {
        best = candidate;
        shorter = true;
      }
    }
    return shorter;
  }

  private boolean breaks(Plan candidate) {
    runs++;
    return Simulation.run(candidate, mischief.make(candidate.seed()), false)
        .violation()
        .filter(violation -> violation.rule() == rule)
        .isPresent();
  }
}
