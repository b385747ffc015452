package farslot.sim;

import java.util.List;
import java.util.Optional;

/** The link and both its ends, in hostile networks. */
final class LinkWorlds implements Worlds<Step> {
  private final Mischief.Maker mischief;

  /**
   * @throws IllegalArgumentException if there is no such bug
   */
  LinkWorlds(Optional<String> bug) {
    mischief = bug.isEmpty() ? seed -> Mischief.NONE : bug(bug.get());
  }

  private static Bug bug(String name) {
    for (Bug bug : Bug.values()) {
      if (bug.option().equals(name)) {
        return bug;
      }
    }
    throw new IllegalArgumentException("no bug is called '" + name + "'");
  }

  @Override
  public List<Step> steps(long seed) {
    return Plan.of(seed).steps();
  }

  @Override
  public int index(Step step) {
    return step.index();
  }

  @Override
  public End run(long seed, List<Step> steps, boolean spoken) {
    return Simulation.run(Plan.of(seed).with(steps), mischief.make(seed), spoken);
  }

  @Override
  public String option() {
    return "";
  }
}
