package farslot.sim.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import farslot.sim.SimOptions;
import farslot.sim.Simulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FabricSimulatorTest {
  private static final long SEED = Fuzz.seed();

  @BeforeAll
  static void quiet() {
    Logs.quiet();
  }

  private static String run(SimOptions options, int failed) {
    StringWriter words = new StringWriter();
    FabricWorlds worlds = new FabricWorlds(options.bug());
    assertThat(new Simulator(worlds, options, new PrintWriter(words)).run())
        .as("%s", words)
        .isEqualTo(failed);
    return words.toString();
  }

  @Test
  void noSeedBreaksARule() {
    int seeds = Math.clamp(Fuzz.iterations(0) / 500, 60, 5_000);
    String words = run(SimOptions.of(SEED, seeds), 0);
    assertThat(words.lines().toList().getLast()).isEqualTo("sim: " + seeds + " seeds, 0 failed");
  }

  @Test
  void theSameSeedIsTheSameWorld() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      var first = FabricSimulation.run(FabricPlan.of(seed), FabricMischief.NONE, false);
      var second = FabricSimulation.run(FabricPlan.of(seed), FabricMischief.NONE, false);
      assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
      assertThat(second.events()).as("seed %d", seed).isEqualTo(first.events());
    }
  }

  /** A simulator in which nothing happens finds nothing. */
  @Test
  void everyDeedIsDoneAndAssignmentsGoThroughEverything() {
    Set<FabricDeed> done = EnumSet.noneOf(FabricDeed.class);
    StringBuilder said = new StringBuilder();
    for (long seed = 1; seed <= 60; seed++) {
      FabricPlan plan = FabricPlan.of(seed);
      plan.steps().forEach(step -> done.add(step.deed()));
      FabricSimulation.run(plan, FabricMischief.NONE, true).lines().forEach(said::append);
    }
    assertThat(done).containsExactlyInAnyOrder(FabricDeed.values());
    List<String> unsaid =
        Stream.of(
                "is ASSIGNED",
                "is GRANTED",
                "is ATTACHED",
                "is DRAINING",
                "is FENCED",
                "is free",
                "cannot be asked to let go of it",
                "format-",
                "loses its power",
                "is killed",
                "has lost its manager",
                "/move is refused",
                "/api/v1/apply is taken on",
                "/api/v1/profiles/p0/move is taken on",
                "cannot record a step",
                "begins its life 3")
            .filter(words -> said.indexOf(words) < 0)
            .toList();
    assertThat(unsaid).isEmpty();
  }

  @Test
  void aFailureSaysHowToSeeItAgain() {
    Optional<String> bug = Optional.of(FabricBug.SANITISE_SKIPPED.option());
    long seed = 1;
    while (!FabricSimulation.run(FabricPlan.of(seed), FabricBug.SANITISE_SKIPPED.make(seed), false)
        .failed()) {
      assertThat(++seed).isLessThan(200);
    }
    String words = run(new SimOptions(seed, 1, false, Optional.empty(), bug, 10), 1);
    assertThat(words).contains("sim: seed " + seed + " broke SANITISED_FIRST");
    String command =
        words.lines().filter(line -> line.contains("./farslot sim")).findFirst().orElseThrow();
    assertThat(command)
        .contains("sim --fabric --seed " + seed + " --seeds 1 --trace --steps ")
        .endsWith("--bug sanitise-skipped");
    List<Integer> steps =
        List.of(command.replaceAll(".*--steps ([0-9,]+).*", "$1").split(",")).stream()
            .map(Integer::valueOf)
            .toList();
    assertThat(steps.size()).isLessThan(FabricPlan.of(seed).steps().size());
    assertThat(run(new SimOptions(seed, 1, true, Optional.of(steps), bug, 10), 1))
        .contains("BROKEN SANITISED_FIRST")
        .endsWith("sim: 1 seeds, 1 failed\n");
  }

  @Test
  void aBugThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new FabricWorlds(Optional.of("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none");
  }
}
