package farslot.bench.path;

/**
 * How much was done in which time.
 *
 * @param operations completed
 * @param elapsedNs nanoseconds
 * @param processorNs processor time of both data threads, waiting by spinning included
 */
public record Sample(long operations, long elapsedNs, long processorNs) {
  static final Sample NONE = new Sample(0, 0, 0);

  Sample plus(Sample other) {
    return new Sample(
        operations + other.operations,
        elapsedNs + other.elapsedNs,
        processorNs + other.processorNs);
  }

  Sample withProcessorNs(long ns) {
    return new Sample(operations, elapsedNs, ns);
  }

  public double perSecond() {
    return elapsedNs == 0 ? 0 : operations * 1e9 / elapsedNs;
  }

  /** Processor time for each operation, microseconds. */
  double processorUs() {
    return operations == 0 ? 0 : processorNs / 1000.0 / operations;
  }
}
