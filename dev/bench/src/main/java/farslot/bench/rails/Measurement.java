package farslot.bench.rails;

import farslot.bench.Figure;
import java.util.List;

/** Something to find out about rails, on cables of its own. */
interface Measurement {
  /** How to go about it. */
  record Setup(double seconds, int spinUs) {
    /** Rounds of each comparison. */
    static final int ROUNDS = 3;

    /** Until a session's rates have settled, and compiled code runs. */
    static final long SETTLE_NS = 300_000_000L;

    /** How long one configuration is measured in one round. */
    long windowNs() {
      return (long) (seconds * 1e9 / 8);
    }
  }

  /** The figures that it will give, none measured yet: their keys, words and goals. */
  List<Figure> asked();

  /** Measures: a figure for each that was asked. */
  List<Figure> run(Setup setup) throws Exception;
}
