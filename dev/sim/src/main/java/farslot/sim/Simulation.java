package farslot.sim;

import java.util.List;
import java.util.SplittableRandom;

/** One world from its beginning to its end. */
final class Simulation {
  /** How long everything may take once the network is well, virtual. */
  private static final long HEALED_NS_MAX = 60_000 * World.MS;

  private static final long LOOK_NS = 20 * World.MS;

  /** Acknowledgements and credits that wait for company have gone out after this. */
  private static final long SETTLE_NS = 300 * World.MS;

  private static final int SETTLES_MAX = 10;

  private final Plan plan;
  private final Trace trace;
  private final Judge judge;
  private final World world;
  private final Cluster cluster;
  private final LastJudgement last;

  private Simulation(Plan plan, Mischief mischief, boolean spoken) {
    this.plan = plan;
    trace = new Trace(spoken);
    judge = new Judge(trace);
    world = new World(trace, judge);
    // Not the plan's own random numbers: a plan with fewer steps lives in the same world.
    SplittableRandom random = new SplittableRandom(~plan.seed());
    cluster = new Cluster(world, plan.shape(), random, mischief);
    last = new LastJudgement(world, cluster);
  }

  /** Lets a plan happen. */
  static Worlds.End run(Plan plan, Mischief mischief, boolean spoken) {
    Simulation simulation = new Simulation(plan, mischief, spoken);
    simulation.run();
    Worlds.End end =
        new Worlds.End(
            simulation.judge.violation(),
            simulation.trace.hash(),
            simulation.world.handled(),
            List.copyOf(simulation.trace.lines()));
    simulation.cluster.endOfTheWorld();
    return end;
  }

  private void run() {
    trace.say("sim", plan.shape().toString());
    Deeds deeds = new Deeds(world, cluster);
    for (Step step : plan.steps()) {
      world.at(step.atNs(), () -> deeds.perform(step));
    }
    world.run(plan.wellNs());
    trace.say("sim", "the network is well");
    rest();
    if (!judge.hasFailed()) {
      last.probe();
      rest();
    }
    settle();
    if (!judge.hasFailed()) {
      last.pronounce();
    }
  }

  /** A rail that was half dead may still be found dead now, and replaced. */
  private void settle() {
    for (int tries = 0; tries < SETTLES_MAX; tries++) {
      world.run(world.nowNs() + SETTLE_NS);
      if (last.unrest().isEmpty()) {
        return;
      }
      rest();
    }
  }

  private void rest() {
    if (judge.hasFailed()) {
      return;
    }
    long deadlineNs = world.nowNs() + HEALED_NS_MAX;
    String unrest;
    do {
      world.run(world.nowNs() + LOOK_NS);
      unrest = last.unrest();
    } while (!unrest.isEmpty() && !judge.hasFailed() && world.nowNs() < deadlineNs);
    judge.require(unrest.isEmpty(), Rule.WORK_COMPLETES, "%s", unrest);
  }
}
