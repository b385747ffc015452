package farslot.sim;

import java.io.PrintWriter;
import java.util.Arrays;
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
  private final Worlds<?> worlds;

  /**
   * @param out where to report
   * @throws IllegalArgumentException if there is no such bug
   */
  public Simulator(SimOptions options, PrintWriter out) {
    this(new LinkWorlds(options.bug()), options, out);
  }

  /**
   * The same for worlds of another kind.
   *
   * @param worlds with the deliberate bug, if one was asked for
   */
  public Simulator(Worlds<?> worlds, SimOptions options, PrintWriter out) {
    this.worlds = worlds;
    this.options = options;
    this.out = out;
  }

  /** The deliberate bugs, a line each: name and what it does. */
  public static List<String> bugs() {
    return Arrays.stream(Bug.values())
        .map(bug -> "%-20s %s".formatted(bug.option(), bug.words))
        .toList();
  }

  /**
   * Runs all seeds; the last line is {@code sim: N seeds, F failed}.
   *
   * @return how many failed
   */
  public int run() {
    return run(worlds);
  }

  private <S> int run(Worlds<S> of) {
    int failed = 0;
    long events = 0;
    long saidNs = System.nanoTime();
    for (int i = 0; i < options.seeds(); i++) {
      long seed = options.seed() + i;
      List<S> steps = chosen(of, seed);
      Worlds.End end = of.run(seed, steps, options.trace());
      events += end.events();
      end.lines().forEach(out::println);
      if (end.violation().isPresent()) {
        failed++;
        report(of, seed, steps, end.violation().get());
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

  private <S> List<S> chosen(Worlds<S> of, long seed) {
    List<S> steps = of.steps(seed);
    Optional<List<Integer>> chosen = options.steps();
    return chosen.isEmpty()
        ? steps
        : steps.stream().filter(step -> chosen.get().contains(of.index(step))).toList();
  }

  private <S> void report(Worlds<S> of, long seed, List<S> steps, Violation violation) {
    out.printf("sim: seed %d broke %s%n", seed, violation);
    if (options.trace()) {
      return;
    }
    out.println("sim: looking for the shortest trace ...");
    out.flush();
    List<S> fewest =
        Shrinker.fewest(
            steps,
            fewer ->
                of.run(seed, fewer, false)
                    .violation()
                    .filter(other -> other.rule() == violation.rule())
                    .isPresent());
    List<String> lines = of.run(seed, fewest, true).lines();
    int hidden = Math.max(0, lines.size() - LINES_MAX);
    if (hidden > 0) {
      out.printf("sim: %d lines before these%n", hidden);
    }
    lines.subList(hidden, lines.size()).forEach(out::println);
    out.printf(
        "sim: seed %d, %d of %d steps are enough; see it again with%n  %s%n",
        seed, fewest.size(), of.steps(seed).size(), command(of, seed, fewest));
  }

  private <S> String command(Worlds<S> of, long seed, List<S> fewest) {
    String steps =
        String.join(",", fewest.stream().map(step -> Integer.toString(of.index(step))).toList());
    return "./farslot sim%s --seed %d --seeds 1 --trace%s%s"
        .formatted(
            of.option(),
            seed,
            steps.isEmpty() ? " --steps none" : " --steps " + steps,
            options.bug().map(name -> " --bug " + name).orElse(""));
  }
}
