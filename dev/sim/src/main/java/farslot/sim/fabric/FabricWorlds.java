package farslot.sim.fabric;

import farslot.sim.Worlds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The management plane: a manager, its agents, and what they do to functions. */
public final class FabricWorlds implements Worlds<FabricStep> {
  private final FabricMischief.Maker mischief;

  /**
   * @param bug a deliberate one, by name
   * @throws IllegalArgumentException if there is no such bug
   */
  public FabricWorlds(Optional<String> bug) {
    mischief = bug.isEmpty() ? seed -> FabricMischief.NONE : bug(bug.get());
  }

  private static FabricBug bug(String name) {
    for (FabricBug bug : FabricBug.values()) {
      if (bug.option().equals(name)) {
        return bug;
      }
    }
    throw new IllegalArgumentException("no bug of a fabric is called '" + name + "'");
  }

  /** The deliberate bugs, a line each: name and what it does. */
  public static List<String> bugs() {
    return Arrays.stream(FabricBug.values())
        .map(bug -> "%-20s %s".formatted(bug.option(), bug.words))
        .toList();
  }

  @Override
  public List<FabricStep> steps(long seed) {
    return FabricPlan.of(seed).steps();
  }

  @Override
  public int index(FabricStep step) {
    return step.index();
  }

  @Override
  public End run(long seed, List<FabricStep> steps, boolean spoken) {
    return FabricSimulation.run(FabricPlan.of(seed).with(steps), mischief.make(seed), spoken);
  }

  @Override
  public String option() {
    return " --fabric";
  }
}
