package farslot.bench.path;

import org.HdrHistogram.Histogram;

/** What the rounds of one of those that are compared gave: the path, its floor, a variant. */
public final class Side {
  /** Longest that is told apart, nanoseconds. */
  private static final long HIGHEST_NS = 60_000_000_000L;

  private static final int DIGITS = 3;

  /** The round that is being measured: run into this, then {@link #roundEnds}. */
  final Histogram round = new Histogram(HIGHEST_NS, DIGITS);

  private final Histogram all = new Histogram(HIGHEST_NS, DIGITS);
  private Sample sum = Sample.NONE;
  private double roundP50Us;
  private double roundPerSecond;

  Side() {
    // A histogram that grew would allocate on a data thread.
    round.setAutoResize(false);
    all.setAutoResize(false);
  }

  /** Takes over what a round gave. */
  void roundEnds(Sample sample) {
    roundP50Us = round.getValueAtPercentile(50) / 1000.0;
    roundPerSecond = sample.perSecond();
    all.add(round);
    round.reset();
    sum = sum.plus(sample);
  }

  /** Forgets a warm-up. */
  void reset() {
    round.reset();
    all.reset();
    sum = Sample.NONE;
  }

  /** Of the last round, microseconds. */
  double roundP50Us() {
    return roundP50Us;
  }

  /** Of the last round. */
  double roundPerSecond() {
    return roundPerSecond;
  }

  /** Times of single operations over all rounds, nanoseconds. */
  public Histogram histogram() {
    return all;
  }

  /** All rounds together. */
  Sample sum() {
    return sum;
  }

  /** So many per cent took no longer, microseconds. */
  public double us(double percentile) {
    return all.getValueAtPercentile(percentile) / 1000.0;
  }

  public double perSecond() {
    return sum.perSecond();
  }

  /** Processor time of both data threads for an operation, microseconds. */
  public double processorUs() {
    return sum.processorUs();
  }
}
