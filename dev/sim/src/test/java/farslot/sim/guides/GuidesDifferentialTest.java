package farslot.sim.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.endpoint.EndpointCounter;
import farslot.sim.guides.GuideBugs.Bug;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same server's life with guides and without: every command ends the same way, every byte read
 * is the right one, the disks are the same. And that this finds guides that are wrong.
 */
class GuidesDifferentialTest {
  private static final int SEEDS = Integer.getInteger("farslot.guides.seeds", 3);
  private static final long FIRST = Long.getLong("farslot.guides.seed", 1);
  private static final int ROUNDS = 50;

  private record Life(List<String> ends, byte[] disk, long pushed, long revoked) {}

  private static Life live(boolean guided, Bug bug, int refusedPercent, long seed) {
    GuidedRig rig = new GuidedRig(guided, new GuideBugs(bug, refusedPercent, seed), seed);
    Workload workload = new Workload(rig, seed);
    try {
      workload.run(ROUNDS);
    } catch (AssertionError e) {
      String how = " (-Dfarslot.guides.seed=%d, %d %% refused)".formatted(seed, refusedPercent);
      throw new AssertionError(e.getMessage() + how, e);
    }
    long pushed = rig.endpoint.counters().get(EndpointCounter.PUSHED_READS);
    long revoked = rig.endpoint.counters().get(EndpointCounter.PUSH_REVOKES);
    return new Life(workload.ends(), workload.disk(), pushed, revoked);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 50})
  void bothEndTheSame(int refusedPercent) {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Life without = live(false, Bug.NONE, 0, seed);
      Life with = live(true, Bug.NONE, refusedPercent, seed);
      assertThat(without.pushed()).isZero();
      assertThat(with.pushed()).as("seed %d", seed).isGreaterThan(100);
      assertThat(with.revoked()).as("seed %d", seed).isPositive();
      assertThat(with.ends()).as("seed %d", seed).isEqualTo(without.ends());
      assertThat(with.disk()).as("seed %d", seed).isEqualTo(without.disk());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NEVER_REVOKES", "FORGETS_TO_NAME", "PUSHES_EARLIER_BYTES"})
  void findsWhatIsWrong(String bug) {
    assertThatThrownBy(
            () -> {
              for (long seed = FIRST; seed < FIRST + 20; seed++) {
                Life without = live(false, Bug.NONE, 0, seed);
                Life with = live(true, Bug.valueOf(bug), 30, seed);
                assertThat(with.ends()).isEqualTo(without.ends());
                assertThat(with.disk()).isEqualTo(without.disk());
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching(
            "(?s).*(neither the old|as it was written|brought something else|came back as|nothing more happens|expected:).*");
  }

  @Test
  void theWorkloadHasAllKinds() {
    List<String> kinds = new ArrayList<>();
    for (String end : live(true, Bug.NONE, 10, FIRST).ends()) {
      kinds.add(end.split(" ")[1]);
    }
    for (Order.Kind kind : Order.Kind.values()) {
      assertThat(kinds).contains(kind.name());
    }
  }
}
