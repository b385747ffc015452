package farslot.sim;

/**
 * A function's place, over all crashes of its appliance: knows every owner that there ever was, so
 * that it can tell two at a time, or one that comes after a younger one.
 */
final class Slot {
  final int index;
  final String name;
  private final World world;

  /** What the appliance has on its disk. */
  private long epochOnDisk;

  /** What the simulator knows better. */
  private long epochGranted;

  private Card card;
  private boolean assigning;

  Slot(World world, int index) {
    this.world = world;
    this.index = index;
    name = "f" + index;
  }

  Card card() {
    return card;
  }

  long epochOnDisk() {
    return epochOnDisk;
  }

  void toDisk(long epoch) {
    epochOnDisk = epoch;
  }

  boolean isAssigning() {
    return assigning;
  }

  void assigning(boolean now) {
    assigning = now;
  }

  /** A stream begins; from now on its card alone may be reached. */
  void granted(Card to) {
    long epoch = to.stream().epoch();
    world.trace.say(name, "is granted with epoch " + epoch + " to " + to.who);
    world.judge.require(
        epoch > epochGranted,
        Rule.EPOCH_GROWS,
        "%s: granted with epoch %d after %d",
        name,
        epoch,
        epochGranted);
    world.judge.require(
        card == null || !card.node.isAlive() || !card.stream().isUp(),
        Rule.ONE_OWNER,
        "%s: granted to %s while it has an owner",
        name,
        to.who);
    epochGranted = Math.max(epochGranted, epoch);
    card = to;
  }

  /** Something reaches the function. */
  void touched(Card by) {
    world.judge.require(
        by == card,
        Rule.ONE_OWNER,
        "%s: reached by %s (epoch %d) while another owns it",
        name,
        by.who,
        by.stream().epoch());
  }

  void onDown(Card which) {
    if (which == card) {
      world.trace.say(name, "is free");
    }
  }

  /** The appliance has lost its memory. */
  void crashed(boolean keepsEpochs) {
    assigning = false;
    if (!keepsEpochs) {
      epochOnDisk = 0;
    }
  }

  /** Whether nobody has it. */
  boolean isFree() {
    return card == null || !card.node.isAlive() || !card.stream().isUp();
  }
}
