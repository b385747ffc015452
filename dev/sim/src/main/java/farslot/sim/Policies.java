package farslot.sim;

import farslot.link.Qos;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What functions may send in a world, and when that changes. Most worlds know nothing of it. */
final class Policies {
  private static final int MB = 1_000_000;
  private static final int CHANGES_MAX = 12;

  private Policies() {}

  /**
   * Changes for a seed's plan.
   *
   * @param random of their own, so that worlds without are what they were
   */
  static List<Step> steps(SplittableRandom random, Shape shape, long spanNs) {
    List<Step> steps = new ArrayList<>();
    int count = random.nextInt(3) == 0 ? 1 + random.nextInt(CHANGES_MAX) : 0;
    for (int i = 0; i < count; i++) {
      int initiator = random.nextInt(shape.initiators());
      int function = random.nextInt(shape.functions());
      long atNs = World.MS + random.nextLong(spanNs);
      int size = random.nextInt(1 << 16);
      steps.add(new Step(0, atNs, Deed.QOS, initiator, function, 0, random.nextInt(9), size, 0));
    }
    return steps;
  }

  /** What such a step says: a rate that holds much up, a little, or nothing; a class. */
  static Qos of(Step step) {
    int trafficClass = step.size() % (Qos.CLASS_MAX + 1);
    long rate = (10L << step.size() % 6) * MB;
    long burst = Qos.BURST_MIN << step.size() % 4;
    return switch (step.amount()) {
      case 0 -> Qos.NONE;
      case 1, 2 -> new Qos(0, 0, 0, trafficClass);
      case 3, 4 -> new Qos(rate, 0, burst, trafficClass);
      case 5, 6 -> new Qos(0, rate, burst, trafficClass);
      default -> new Qos(rate / 2, rate, 0, trafficClass);
    };
  }
}
