package farslot.bench.figures;

import java.util.List;

/** Something to find out, in a set-up of its own. */
public interface Measurement {
  /**
   * How to go about it.
   *
   * @param seconds what a case of the table gets
   * @param spinUs how long data threads look for work, as in the programs' configurations
   */
  record Setup(double seconds, int spinUs) {
    /** Rounds of each comparison. */
    public static final int ROUNDS = 3;

    /** Until a session's rates have settled, and compiled code runs. */
    public static final long SETTLE_NS = 300_000_000L;

    /** How long one configuration is measured in one round. */
    public long windowNs() {
      return (long) (seconds * 1e9 / 8);
    }
  }

  /**
   * The figures that it will give, none measured yet: their keys (which become keys of the JSON
   * output), words and goals.
   */
  List<Figure> asked();

  /** Measures: a figure for each that was asked. */
  List<Figure> run(Setup setup) throws Exception;
}
