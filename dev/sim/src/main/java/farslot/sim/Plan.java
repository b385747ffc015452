package farslot.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What will be done in a seed's world. Each seed draws for itself which faults it has at all, so
 * that some worlds are quiet and some only break connections: what all faults together hide, one
 * alone may show.
 */
record Plan(long seed, Shape shape, List<Step> steps) {
  private static final long SPAN_NS = 3_000 * World.MS;
  private static final int STEPS_MAX = 80;
  private static final Deed[] WORK = {
    Deed.WRITE, Deed.WRITE, Deed.READ, Deed.READ, Deed.JOB, Deed.JOB, Deed.JOB, Deed.HOT_RESET
  };

  static Plan of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape = Shape.of(random.split());
    return new Plan(seed, shape, steps(random, shape));
  }

  /** The same world with fewer steps. */
  Plan with(List<Step> fewer) {
    return new Plan(seed, shape, fewer);
  }

  /** When all faults are over. */
  long wellNs() {
    return steps.stream().mapToLong(Step::endNs).max().orElse(0);
  }

  private static List<Step> steps(SplittableRandom random, Shape shape) {
    List<Step> steps = new ArrayList<>();
    for (int f = 0; f < shape.functions(); f++) {
      steps.add(new Step(0, 0, Deed.WANT, random.nextInt(shape.initiators()), f, 0, 0, 0, 0));
    }
    List<Deed> faults = faults(random);
    int count = 10 + random.nextInt(STEPS_MAX - 10);
    int faultPercent = faults.isEmpty() ? 0 : 5 + random.nextInt(30);
    int ownerPercent = random.nextInt(15);
    for (int i = 0; i < count; i++) {
      int what = random.nextInt(100);
      Deed deed =
          what < faultPercent
              ? faults.get(random.nextInt(faults.size()))
              : what < faultPercent + ownerPercent
                  ? owner(random)
                  : WORK[random.nextInt(WORK.length)];
      steps.add(step(random, shape, deed));
    }
    steps.addAll(Policies.steps(random.split(), shape, SPAN_NS));
    steps.sort(Comparator.comparingLong(Step::atNs));
    return numbered(steps);
  }

  private static List<Deed> faults(SplittableRandom random) {
    Set<Deed> chosen = EnumSet.noneOf(Deed.class);
    for (Deed deed : Deed.values()) {
      if (deed.isFault && random.nextInt(3) == 0) {
        chosen.add(deed);
      }
    }
    return List.copyOf(chosen);
  }

  private static Deed owner(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> Deed.RELEASE;
      case 1 -> Deed.TAKE_AWAY;
      case 2 -> Deed.ADD_RAIL;
      case 3 -> Deed.REMOVE_RAIL;
      default -> Deed.WANT;
    };
  }

  private static Step step(SplittableRandom random, Shape shape, Deed deed) {
    int initiator = random.nextInt(shape.initiators());
    int target = random.nextInt(deed.isOfAppliance ? shape.appliances() : shape.functions());
    // Many at about the same time, so that faults meet work.
    long atNs = random.nextInt(30) * (SPAN_NS / 30) + random.nextInt(3000) * World.US;
    int amount = random.nextInt(5) == 0 ? 1 + random.nextInt(200) : 1 + random.nextInt(20);
    amount *= deed.isFault ? 1 : shape.load();
    int size = deed == Deed.NOISE ? random.nextInt(250) : 1 << 5 + random.nextInt(8);
    int route = random.nextInt(4) == 0 ? Step.ALL_ROUTES : random.nextInt(shape.routes());
    long durationNs = duration(random, shape, deed);
    return new Step(0, atNs, deed, initiator, target, route, amount, size, durationNs);
  }

  private static long duration(SplittableRandom random, Shape shape, Deed deed) {
    // Now and then longer than the hold time.
    long longNs = random.nextInt(6) == 0 ? 2 * shape.holdNs() : shape.holdNs() / 3;
    return switch (deed) {
      case FLAP, NOISE -> random.nextInt(800) * World.MS;
      case PARTITION, HALF_CUT, PAUSE_APPLIANCE, PAUSE_INITIATOR -> random.nextLong(longNs);
      case CRASH_APPLIANCE, CRASH_INITIATOR -> random.nextInt(600) * World.MS;
      default -> 0;
    };
  }

  private static List<Step> numbered(List<Step> steps) {
    List<Step> numbered = new ArrayList<>();
    for (Step step : steps) {
      numbered.add(step.numbered(numbered.size()));
    }
    return List.copyOf(numbered);
  }
}
