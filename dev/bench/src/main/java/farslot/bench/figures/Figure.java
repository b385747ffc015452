package farslot.bench.figures;

import java.util.Locale;

/**
 * One number for people and machines: what some rounds of one run gave, how far they were apart,
 * and what it should be.
 *
 * @param key in the JSON output
 * @param words for the table
 * @param rounds what was measured; empty when it could not be
 * @param goal what is good enough
 * @param note why there is no value, or what one should know to read it; may be empty
 */
public record Figure(String key, String words, Rounded rounds, Goal goal, String note) {
  /** What is good enough: at least or at most a bound, or nothing in particular. */
  public record Goal(Sense sense, double bound) {
    /** Nothing in particular. */
    public static final Goal NONE = new Goal(Sense.NONE, 0);

    /** Which side of the bound is good. */
    public enum Sense {
      NONE,
      AT_LEAST,
      AT_MOST
    }

    public static Goal atLeast(double bound) {
      return new Goal(Sense.AT_LEAST, bound);
    }

    public static Goal atMost(double bound) {
      return new Goal(Sense.AT_MOST, bound);
    }

    /** Whether a value is good enough; what was not measured is not. */
    public boolean met(double value) {
      return switch (sense) {
        case NONE -> true;
        case AT_LEAST -> value >= bound;
        case AT_MOST -> value <= bound;
      };
    }

    @Override
    public String toString() {
      return switch (sense) {
        case NONE -> "";
        case AT_LEAST -> String.format(Locale.ROOT, ">= %s", trim(bound));
        case AT_MOST -> String.format(Locale.ROOT, "<= %s", trim(bound));
      };
    }

    public static String trim(double value) {
      return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
  }

  /** A figure that could not be had. */
  public static Figure missing(String key, String words, Goal goal, String why) {
    return new Figure(key, words, new Rounded(), goal, why);
  }

  /** Whether it is what it should be. */
  public boolean met() {
    return goal.met(rounds.value());
  }
}
