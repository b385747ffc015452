package farslot.bench.many;

import farslot.bench.figures.Figure;
import java.util.List;

/** Something to find out about many functions at once. */
interface Measurement {
  /**
   * How to go about it.
   *
   * @param seconds for each case, as it was asked for
   * @param spinUs as in the programs' configurations
   */
  record Setup(double seconds, int spinUs) {
    /** Rounds of each measurement. */
    static final int ROUNDS = 3;

    long windowNs() {
      return (long) (seconds * 1e9 / 2);
    }
  }

  /** The figures that it will give, none measured yet: their keys, words and goals. */
  List<Figure> asked();

  /** Measures: a figure for each that was asked. */
  List<Figure> run(Setup setup) throws Exception;
}
