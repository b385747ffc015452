package farslot.bench;

import org.HdrHistogram.Histogram;

/** One line of the table: what was measured, and the floor below it. */
final class Result {
  /** Longest that is told apart, nanoseconds. */
  private static final long HIGHEST_NS = 60_000_000_000L;

  private static final int DIGITS = 3;

  final BenchCase of;
  final Histogram measured = new Histogram(HIGHEST_NS, DIGITS);
  final Histogram floor = new Histogram(HIGHEST_NS, DIGITS);
  Sample measuredSample = Sample.NONE;
  Sample floorSample = Sample.NONE;
  long allocatedBytes;
  long tlps;
  long frames;

  Result(BenchCase of) {
    this.of = of;
    measured.setAutoResize(false);
    floor.setAutoResize(false);
  }

  /** Forgets a warm-up. */
  void reset() {
    measured.reset();
    floor.reset();
    measuredSample = Sample.NONE;
    floorSample = Sample.NONE;
    allocatedBytes = 0;
    tlps = 0;
    frames = 0;
  }

  static double us(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1000.0;
  }

  double bytesPerSecond() {
    return measuredSample.perSecond() * of.bytes();
  }

  double floorBytesPerSecond() {
    return floorSample.perSecond() * of.bytes();
  }

  /** Latency cases: p50 over p50. Throughput cases: operations a second over the floor's. */
  double ratio() {
    return of.latency()
        ? us(measured, 50) / us(floor, 50)
        : measuredSample.perSecond() / floorSample.perSecond();
  }

  /** Bytes allocated on both data threads for each TLP. */
  double allocatedBytesPerTlp() {
    return tlps == 0 ? 0 : (double) allocatedBytes / tlps;
  }

  /** Frames that the initiator sent for each operation: at depth 1, each waits for an answer. */
  double framesEach() {
    return (double) frames / measuredSample.operations();
  }
}
