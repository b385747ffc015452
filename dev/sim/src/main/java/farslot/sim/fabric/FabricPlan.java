package farslot.sim.fabric;

import farslot.sim.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What will be done in a seed's fabric. Each seed draws for itself which faults it has at all. */
record FabricPlan(long seed, FabricShape shape, List<FabricStep> steps) {
  private static final long SECOND_NS = 1_000 * World.MS;
  private static final long SPAN_NS = 90 * SECOND_NS;

  /** Everybody has reported once by then. */
  private static final long BEGIN_NS = 2 * SECOND_NS;

  private static final int STEPS_LEAST = 8;
  private static final int STEPS_MAX = 40;
  private static final FabricDeed[] WORK = {
    FabricDeed.ATTACH,
    FabricDeed.ATTACH,
    FabricDeed.ATTACH,
    FabricDeed.MOVE,
    FabricDeed.MOVE,
    FabricDeed.DETACH,
    FabricDeed.MOVE_BY_FORCE,
    FabricDeed.DETACH_BY_FORCE,
    FabricDeed.APPLY_PROFILE,
    FabricDeed.MOVE_PROFILE,
    FabricDeed.DETACH_PROFILE,
    FabricDeed.REBOOT_GUEST,
    FabricDeed.OPEN_SOCKET
  };

  static FabricPlan of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FabricShape shape = FabricShape.of(random.split());
    return new FabricPlan(seed, shape, steps(random, shape));
  }

  FabricPlan with(List<FabricStep> fewer) {
    return new FabricPlan(seed, shape, fewer);
  }

  /** When all faults are over. */
  long wellNs() {
    return Math.max(BEGIN_NS, steps.stream().mapToLong(FabricStep::endNs).max().orElse(0));
  }

  private static List<FabricStep> steps(SplittableRandom random, FabricShape shape) {
    List<FabricDeed> faults = faults(random);
    List<FabricStep> steps = new ArrayList<>();
    for (int f = 0; f < shape.functions(); f++) {
      steps.add(step(random, shape, FabricDeed.ATTACH, f, BEGIN_NS + f * World.MS));
    }
    int count = STEPS_LEAST + random.nextInt(STEPS_MAX - STEPS_LEAST);
    int faultPercent = faults.isEmpty() ? 0 : 10 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      boolean fault = random.nextInt(100) < faultPercent;
      FabricDeed deed =
          fault ? faults.get(random.nextInt(faults.size())) : WORK[random.nextInt(WORK.length)];
      // Many at about the same time, so that faults meet work.
      long atNs = BEGIN_NS + random.nextInt(20) * (SPAN_NS / 20) + random.nextLong(SECOND_NS / 2);
      steps.add(step(random, shape, deed, random.nextInt(shape.functions()), atNs));
    }
    steps.sort(Comparator.comparingLong(FabricStep::atNs));
    List<FabricStep> numbered = new ArrayList<>();
    steps.forEach(each -> numbered.add(each.numbered(numbered.size())));
    return List.copyOf(numbered);
  }

  private static List<FabricDeed> faults(SplittableRandom random) {
    Set<FabricDeed> chosen = EnumSet.noneOf(FabricDeed.class);
    for (FabricDeed deed : FabricDeed.values()) {
      if (deed.isFault && random.nextInt(3) == 0) {
        chosen.add(deed);
      }
    }
    return List.copyOf(chosen);
  }

  private static FabricStep step(
      SplittableRandom random, FabricShape shape, FabricDeed deed, int function, long atNs) {
    int server = random.nextInt(shape.servers());
    int guest = random.nextInt(4) == 0 ? shape.guests() : random.nextInt(shape.guests());
    boolean lasts = random.nextInt(4) == 0 || deed == FabricDeed.STUBBORN_GUEST;
    long longNs = lasts ? 40 * SECOND_NS : 4 * SECOND_NS;
    long durationNs = deed.isFault ? 1 + random.nextLong(longNs) : 0;
    return new FabricStep(0, atNs, deed, function, server, guest, random.nextInt(1000), durationNs);
  }
}
