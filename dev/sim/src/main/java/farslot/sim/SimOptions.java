package farslot.sim;

import java.util.List;
import java.util.Optional;

/**
 * What the simulator is asked to do.
 *
 * @param seed the first seed
 * @param seeds how many, one after the other
 * @param trace whether to print everything that happens
 * @param steps of each seed's plan only these, by number; empty for all
 * @param bug a deliberate bug to find, by name
 * @param failuresMax after so many failures it stops
 */
public record SimOptions(
    long seed,
    int seeds,
    boolean trace,
    Optional<List<Integer>> steps,
    Optional<String> bug,
    int failuresMax) {
  public SimOptions {
    if (seeds < 1 || failuresMax < 1) {
      throw new IllegalArgumentException("at least one seed, at least one failure");
    }
  }

  /** So many seeds from this one on, and no more than that. */
  public static SimOptions of(long seed, int seeds) {
    return new SimOptions(seed, seeds, false, Optional.empty(), Optional.empty(), 10);
  }
}
