package farslot.bench.figures;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the rounds of a measurement gave; their ends say how sure it is. */
public final class Rounded {
  private final List<Double> values = new ArrayList<>();
  private double together = Double.NaN;

  /** Adds what a round gave. */
  public void add(double value) {
    values.add(value);
  }

  /** What all rounds together say, where that is surer than their middle. */
  public void together(double value) {
    together = value;
  }

  /** What counts: all rounds together where that is known, else their middle; NaN of none. */
  public double value() {
    return Double.isNaN(together) ? median() : together;
  }

  /** Forgets them. */
  public void clear() {
    values.clear();
    together = Double.NaN;
  }

  /** All of them, in the order in which they were added. */
  public List<Double> values() {
    return List.copyOf(values);
  }

  /** One that is known as it is. */
  public static Rounded of(double value) {
    Rounded one = new Rounded();
    one.add(value);
    return one;
  }

  /** How many rounds there were. */
  public int count() {
    return values.size();
  }

  /** The middle one, or between the two in the middle; NaN of none. */
  public double median() {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  public double low() {
    return values.isEmpty() ? Double.NaN : Collections.min(values);
  }

  public double high() {
    return values.isEmpty() ? Double.NaN : Collections.max(values);
  }
}
