package farslot.bench.hops;

import farslot.bench.hops.Journeys.Journey;
import java.util.Comparator;
import java.util.List;

/**
 * Where operations of one kind spent their time.
 *
 * @param words what kind
 * @param operations how many were looked at
 * @param usual the mean of the middle half, microseconds, indexed as {@link Hop}
 * @param slow the mean of the slowest hundredth
 */
public record Breakdown(String words, int operations, double[] usual, double[] slow) {
  private static final double NS = 1000;

  static Breakdown of(String words, List<Journey> journeys) {
    List<Journey> sorted =
        journeys.stream().sorted(Comparator.comparingLong(Journey::totalNs)).toList();
    int count = sorted.size();
    int slow = Math.max(1, count / 100);
    return new Breakdown(
        words,
        count,
        mean(sorted.subList(count / 4, Math.max(count / 4 + 1, 3 * count / 4))),
        mean(sorted.subList(count - slow, count)));
  }

  private static double[] mean(List<Journey> journeys) {
    double[] us = new double[Hop.values().length];
    for (Journey journey : journeys) {
      for (int i = 0; i < us.length; i++) {
        us[i] += journey.ns()[i] / NS / journeys.size();
      }
    }
    return us;
  }

  /** All hops together, microseconds. */
  public static double total(double[] hops) {
    double sum = 0;
    for (double each : hops) {
      sum += each;
    }
    return sum;
  }
}
