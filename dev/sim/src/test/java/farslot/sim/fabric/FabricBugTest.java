package farslot.sim.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import farslot.sim.Rule;
import farslot.sim.Violation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulator finds every bug of the management plane that was put in on purpose. */
class FabricBugTest {
  private static final int SEEDS_MAX = 100;

  @BeforeAll
  static void quiet() {
    Logs.quiet();
  }

  @ParameterizedTest
  @EnumSource(FabricBug.class)
  void isCaught(FabricBug bug) {
    for (long seed = 1; seed <= SEEDS_MAX; seed++) {
      var outcome = FabricSimulation.run(FabricPlan.of(seed), bug.make(seed), false);
      if (outcome.failed()) {
        Violation violation = outcome.violation().orElseThrow();
        assertThat(violation.rule()).as("%s", violation).isNotEqualTo(Rule.NO_EXCEPTION);
        System.out.printf("%s: seed %d: %s%n", bug.option(), seed, violation);
        return;
      }
    }
    fail("%s: none of %d seeds shows it", bug, SEEDS_MAX);
  }
}
