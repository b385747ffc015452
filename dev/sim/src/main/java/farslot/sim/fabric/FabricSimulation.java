package farslot.sim.fabric;

import farslot.sim.Judge;
import farslot.sim.Rule;
import farslot.sim.Trace;
import farslot.sim.World;
import farslot.sim.Worlds;
import farslot.store.crash.CrashDisk;
import java.util.List;
import java.util.SplittableRandom;

/** One fabric from its beginning to its end. */
final class FabricSimulation {
  /** How long everything may take once all faults are over, virtual. */
  private static final long HEALED_NS_MAX = 300_000 * World.MS;

  private static final long LOOK_NS = 500 * World.MS;

  private final FabricPlan plan;
  private final Trace trace;
  private final Judge judge;
  private final World world;
  private final Fabric fabric;
  private final FabricWatch watch;
  private final FabricDeeds deeds;

  private FabricSimulation(FabricPlan plan, FabricMischief mischief, boolean spoken) {
    this.plan = plan;
    trace = new Trace(spoken);
    judge = new Judge(trace);
    world = new World(trace, judge);
    // Not the plan's own random numbers: a plan with fewer steps lives in the same world.
    SplittableRandom random = new SplittableRandom(~plan.seed());
    fabric = new Fabric(world, plan.shape(), random.split(), mischief);
    watch = new FabricWatch(world, fabric);
    deeds = new FabricDeeds(world, fabric, random.split());
    world.watch(watch::look);
    world.excuse(this::isPowerCut);
  }

  static Worlds.End run(FabricPlan plan, FabricMischief mischief, boolean spoken) {
    FabricSimulation simulation = new FabricSimulation(plan, mischief, spoken);
    simulation.run();
    Worlds.End end =
        new Worlds.End(
            simulation.judge.violation(),
            simulation.trace.hash(),
            simulation.world.handled(),
            List.copyOf(simulation.trace.lines()));
    simulation.fabric.endOfTheWorld();
    return end;
  }

  /** The manager's disk has gone in the middle of something: nothing of that life goes on. */
  private boolean isPowerCut(Throwable thrown) {
    boolean cut = thrown instanceof CrashDisk.PowerCut;
    if (cut && fabric.manager().isAlive()) {
      fabric.manager().crash(true);
    }
    return cut;
  }

  private void run() {
    trace.say("sim", plan.shape().toString());
    fabric.begin();
    for (FabricStep step : plan.steps()) {
      world.at(step.atNs(), () -> deeds.perform(step));
    }
    world.run(plan.wellNs() + World.MS);
    trace.say("sim", "all faults are over");
    long deadlineNs = world.nowNs() + HEALED_NS_MAX;
    String unrest = "not looked yet";
    while (!unrest.isEmpty() && !judge.hasFailed() && world.nowNs() < deadlineNs) {
      world.run(world.nowNs() + LOOK_NS);
      unrest = judge.hasFailed() ? "" : watch.unrest();
    }
    judge.require(unrest.isEmpty(), Rule.CHANGE_ENDS, "%s", unrest);
  }
}
