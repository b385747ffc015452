package farslot.sim;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * Runs worlds, one a seed, and says which of them broke a rule: with the shortest story that still
 * breaks it, and how to see it again.
 */
public final class Simulator {
  private static final long PROGRESS_NS = 2_000_000_000L;

  /** Of a shortest trace so many lines are shown, the last ones. */
  private static final int LINES_MAX = 100;

  private final SimOptions options;
  private final PrintWriter out;
  private final Bug bug;

  /**
   * @param out where to report
   * @throws IllegalArgumentException if there is no such bug
   */
  public Simulator(SimOptions options, PrintWriter out) {
    this.options = options;
    this.out = out;
    this.bug = options.bug().map(Simulator::bug).orElse(null);
  }

  /** The deliberate bugs, a line each: name and what it does. */
  public static List<String> bugs() {
    return java.util.Arrays.stream(Bug.values())
        .map(bug -> "%-20s %s".formatted(bug.option(), bug.words))
        .toList();
  }

  private static Bug bug(String name) {
    for (Bug bug : Bug.values()) {
      if (bug.option().equals(name)) {
        return bug;
      }
    }
    throw new IllegalArgumentException("no bug is called '" + name + "'");
  }

  /**
   * Runs all seeds; the last line is {@code sim: N seeds, F failed}.
   *
   * @return how many failed
   */
  public int run() {
    int failed = 0;
    long events = 0;
    long saidNs = System.nanoTime();
    for (int i = 0; i < options.seeds(); i++) {
      Plan plan = plan(options.seed() + i);
      Simulation.Outcome outcome = Simulation.run(plan, mischief(plan), options.trace());
      events += outcome.events();
      outcome.lines().forEach(out::println);
      if (outcome.failed()) {
        failed++;
        report(outcome);
        if (failed == options.failuresMax()) {
          out.printf("sim: stopped after %d failures%n", failed);
          break;
        }
      }
      if (System.nanoTime() - saidNs > PROGRESS_NS) {
        saidNs = System.nanoTime();
        out.printf("sim: %d of %d seeds, %d events%n", i + 1, options.seeds(), events);
        out.flush();
      }
    }
    out.printf("sim: %d seeds, %d failed%n", options.seeds(), failed);
    out.flush();
    return failed;
  }

  private Plan plan(long seed) {
    Plan plan = Plan.of(seed);
    Optional<List<Integer>> chosen = options.steps();
    return chosen.isEmpty()
        ? plan
        : plan.with(plan.steps().stream().filter(s -> chosen.get().contains(s.index())).toList());
  }

  private Mischief mischief(Plan plan) {
    return bug == null ? Mischief.NONE : bug.make(plan.seed());
  }

  private void report(Simulation.Outcome outcome) {
    Violation violation = outcome.violation().orElseThrow();
    long seed = outcome.plan().seed();
    out.printf("sim: seed %d broke %s%n", seed, violation);
    if (options.trace()) {
      return;
    }
    out.println("sim: looking for the shortest trace ...");
    out.flush();
    Plan shortest =
        Shrinker.shortest(
            outcome.plan(), violation.rule(), bug == null ? ignored -> Mischief.NONE : bug);
    Simulation.Outcome told = Simulation.run(shortest, mischief(shortest), true);
    int hidden = Math.max(0, told.lines().size() - LINES_MAX);
    if (hidden > 0) {
      out.printf("sim: %d lines before these%n", hidden);
    }
    told.lines().subList(hidden, told.lines().size()).forEach(out::println);
    out.printf(
        "sim: seed %d, %d of %d steps are enough; see it again with%n  %s%n",
        seed, shortest.steps().size(), Plan.of(seed).steps().size(), command(shortest));
  }

  private String command(Plan plan) {
    String steps =
        String.join(",", plan.steps().stream().map(s -> Integer.toString(s.index())).toList());
    return "./farslot sim --seed %d --seeds 1 --trace%s%s"
        .formatted(
            plan.seed(),
            steps.isEmpty() ? " --steps none" : " --steps " + steps,
            bug == null ? "" : " --bug " + bug.option());
  }
}
