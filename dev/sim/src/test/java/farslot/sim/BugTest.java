package farslot.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulator finds every bug that was put in on purpose. */
class BugTest {
  private static final int SEEDS_MAX = 60;

  @ParameterizedTest
  @EnumSource(Bug.class)
  void isCaught(Bug bug) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      Worlds.End outcome = Simulation.run(Plan.of(seed), bug.make(seed), false);
      if (outcome.failed()) {
        Violation violation = outcome.violation().orElseThrow();
        assertThat(violation.rule()).as("%s", violation).isNotIn(Set.of(Rule.NO_EXCEPTION));
        return;
      }
    }
    fail("%s: none of %d seeds shows it", bug, SEEDS_MAX);
  }
}
