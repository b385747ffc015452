package farslot.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatorTest {
  private static String run(SimOptions options, int failed) {
    StringWriter words = new StringWriter();
    assertThat(new Simulator(options, new PrintWriter(words)).run())
        .as("%s", words)
        .isEqualTo(failed);
    return words.toString();
  }

  @Test
  void noSeedBreaksARule() {
    int seeds = Fuzz.iterations(200);
    String words = run(SimOptions.of(Fuzz.seed(), seeds), 0);
    assertThat(words.lines().toList().getLast()).isEqualTo("sim: " + seeds + " seeds, 0 failed");
  }

  @Test
  void theSameSeedIsTheSameWorld() {
    for (long seed = Fuzz.seed(); seed < Fuzz.seed() + 20; seed++) {
      Worlds.End first = Simulation.run(Plan.of(seed), Mischief.NONE, false);
      Worlds.End second = Simulation.run(Plan.of(seed), Mischief.NONE, false);
      assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
      assertThat(second.events()).as("seed %d", seed).isEqualTo(first.events());
    }
  }

  @Test
  void otherSeedsAreOtherWorlds() {
    long seed = Fuzz.seed();
    assertThat(Simulation.run(Plan.of(seed), Mischief.NONE, false).hash())
        .isNotEqualTo(Simulation.run(Plan.of(seed + 1), Mischief.NONE, false).hash());
  }

  /** A simulator in which nothing happens finds nothing. */
  @Test
  void everyDeedIsDoneAndTheLinkGoesThroughEverything() {
    Set<Deed> done = EnumSet.noneOf(Deed.class);
    StringBuilder said = new StringBuilder();
    for (long seed = 1; seed <= 80; seed++) {
      Plan plan = Plan.of(seed);
      plan.steps().forEach(step -> done.add(step.deed()));
      Simulation.run(plan, Mischief.NONE, true).lines().forEach(said::append);
    }
    assertThat(done).containsExactlyInAnyOrder(Deed.values());
    assertThat(said)
        .contains("resumed over")
        .contains("which is the hold time")
        .contains("silent for")
        .contains("replaced: ")
        .contains("is not known here")
        .contains("the peer said goodbye")
        .contains("taken away")
        .contains("held")
        .contains("hot reset")
        .contains("connection refused")
        .contains("timed out")
        .contains("kind=MSI")
        .contains("kind=REFUSAL")
        .contains("damaged ")
        .contains(", again");
  }

  @Test
  void aFailureSaysHowToSeeItAgain() {
    long seed = 1;
    while (!Simulation.run(Plan.of(seed), Bug.MSI_OVERTAKES.make(seed), false).failed()) {
      assertThat(++seed).isLessThan(60);
    }
    Optional<String> bug = Optional.of(Bug.MSI_OVERTAKES.option());
    SimOptions options = new SimOptions(seed, 1, false, Optional.empty(), bug, 10);
    String words = run(options, 1);
    assertThat(words).contains("sim: seed " + seed + " broke MSI_AFTER_DATA");
    String command =
        words.lines().filter(line -> line.contains("./farslot sim")).findFirst().orElseThrow();
    assertThat(command)
        .contains("--seed " + seed + " --seeds 1 --trace --steps ")
        .endsWith("--bug msi-overtakes");
    List<Integer> steps =
        List.of(command.replaceAll(".*--steps ([0-9,]+).*", "$1").split(",")).stream()
            .map(Integer::valueOf)
            .toList();
    assertThat(steps.size()).isLessThan(Plan.of(seed).steps().size());
    SimOptions again = new SimOptions(seed, 1, true, Optional.of(steps), bug, 10);
    assertThat(run(again, 1))
        .contains("BROKEN MSI_AFTER_DATA")
        .endsWith("sim: 1 seeds, 1 failed\n");
  }

  @Test
  void aBugThatIsNotThereIsRefused() {
    SimOptions options = new SimOptions(1, 1, false, Optional.empty(), Optional.of("none"), 10);
    assertThatThrownBy(() -> new Simulator(options, new PrintWriter(new StringWriter())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none");
  }
}
