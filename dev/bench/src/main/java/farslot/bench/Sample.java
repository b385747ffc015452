package farslot.bench;

/**
 * How much was done in which time.
 *
 * @param operations completed
 * @param elapsedNs nanoseconds
 */
record Sample(long operations, long elapsedNs) {
  static final Sample NONE = new Sample(0, 0);

  Sample plus(Sample other) {
    return new Sample(operations + other.operations, elapsedNs + other.elapsedNs);
  }

  double perSecond() {
    return elapsedNs == 0 ? 0 : operations * 1e9 / elapsedNs;
  }
}
