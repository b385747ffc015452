package farslot.sim.fabric;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Deliberate bugs of the management plane. The simulator is only worth something if it finds each
 * of them; none touches a line of what is under test.
 */
enum FabricBug implements FabricMischief.Maker {
  FENCE_SKIPPED(
      "an appliance confirms that it has shut out whom it has not", AgentBugs::fenceSkipped),
  CONFIRMED_UNSYNCED("an appliance confirms what its disk may forget", DiskBugs::confirmedUnsynced),
  FLOOR_FORGOTTEN(
      "what an appliance has shut out is let in after a restart", DiskBugs::floorForgotten),
  ANSWERED_UNSYNCED("the manager answers before its disk has it", DiskBugs::answeredUnsynced),
  LEASE_FENCES("a server whose lease has ended counts as shut out", ManagerBugs::leaseFences),
  FORCE_FENCES(
      "a server from which something is taken by force counts as shut out",
      ManagerBugs::forceFences),
  EPOCH_REUSED("the next server gets the former one's epoch", ManagerBugs::epochReused),
  SANITISE_SKIPPED("a card is called sanitised that is not", AgentBugs::sanitiseSkipped),
  SANITISE_FORGOTTEN("what has to be sanitised is not noted", ManagerBugs::sanitiseForgotten),
  RELEASED_EARLY(
      "a server says that it has let go while its guest has it", AgentBugs::releasedEarly),
  APPLIANCE_DEAF("an appliance hears only its first orders", AgentBugs::applianceDeaf),
  WRONG_SERVER("an appliance lets in another server than was ordered", AgentBugs::wrongServer),
  STALE_ORDERS("orders that newer ones have overtaken are obeyed", AgentBugs::staleOrders);

  final String words;
  private final Function<SplittableRandom, FabricMischief> maker;

  FabricBug(String words, Function<SplittableRandom, FabricMischief> maker) {
    this.words = words;
    this.maker = maker;
  }

  @Override
  public FabricMischief make(long seed) {
    return maker.apply(new SplittableRandom(seed ^ ordinal()));
  }

  /** As the command line has it. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
