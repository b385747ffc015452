package farslot.sim;

import java.util.function.LongPredicate;

/**
 * A function's place, over all crashes of its appliance: knows every owner that there ever was, so
 * that it can tell two at a time, or one that comes after a younger one.
 */
final class Slot {
  final int index;
  final String name;

  /** Whether a {@link LedgerCard} is in it, behind an endpoint and a root port. */
  final boolean hasLedger;

  private final World world;

  /** What the appliance has on its disk. */
  private long epochOnDisk;

  /** What the simulator knows better. */
  private long epochGranted;

  private Holder holder;
  private boolean assigning;
  private LongPredicate jobs = job -> false;

  Slot(World world, int index) {
    this.world = world;
    this.index = index;
    name = "f" + index;
    hasLedger = index % 2 == 1;
  }

  /** Who has it, or had it last; null before the first. */
  Holder holder() {
    return holder;
  }

  long epochOnDisk() {
    return epochOnDisk;
  }

  void toDisk(long epoch) {
    epochOnDisk = epoch;
  }

  /** Who can tell whether a server still waits for a job. */
  void jobs(LongPredicate open) {
    jobs = open;
  }

  boolean isJobOpen(long job) {
    return jobs.test(job);
  }

  boolean isAssigning() {
    return assigning;
  }

  void assigning(boolean now) {
    assigning = now;
  }

  /** A stream begins; from now on its card alone may be reached. */
  void granted(Holder to) {
    long epoch = to.stream().epoch();
    world.trace.say(name, "is granted with epoch " + epoch + " to " + to.who());
    world.judge.require(
        epoch > epochGranted,
        Rule.EPOCH_GROWS,
        "%s: granted with epoch %d after %d",
        name,
        epoch,
        epochGranted);
    world.judge.require(
        holder == null || !holder.node().isAlive() || !holder.stream().isUp(),
        Rule.ONE_OWNER,
        "%s: granted to %s while it has an owner",
        name,
        to.who());
    epochGranted = Math.max(epochGranted, epoch);
    holder = to;
  }

  /** Something reaches the function. */
  void touched(Holder by) {
    world.judge.require(
        by == holder,
        Rule.ONE_OWNER,
        "%s: reached by %s (epoch %d) while another owns it",
        name,
        by.who(),
        by.stream().epoch());
  }

  void onDown(Holder which) {
    if (which == holder) {
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
    return holder == null || !holder.node().isAlive() || !holder.stream().isUp();
  }
}
