package farslot.bench.path;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Rounded;
import java.util.Locale;
import java.util.Optional;

/** One line of the table: what was measured, and the floor below it. */
public final class Result {
  public final BenchCase of;
  private final Side path = new Side();
  private final Side floor = new Side();
  private final Side plain = new Side();
  private final Rounded ratios = new Rounded();
  private final Rounded guided = new Rounded();
  private final Rounded allocated = new Rounded();
  private long frames;

  Result(BenchCase of) {
    this.of = of;
  }

  /** Forgets a warm-up. */
  void reset() {
    path.reset();
    floor.reset();
    plain.reset();
    frames = 0;
  }

  /** A round of the path has ended. */
  void pathEnds(Sample sample, Meter meter) {
    path.roundEnds(sample.withProcessorNs(meter.processorNs()));
    frames += meter.frames();
    if (meter.tlps() > 0) {
      allocated.add((double) meter.allocatedBytes() / meter.tlps());
    }
  }

  /** The floor's round after it has ended, too. */
  void floorEnds(Sample sample) {
    floor.roundEnds(sample);
    ratios.add(
        of.latency()
            ? path.roundP50Us() / floor.roundP50Us()
            : path.roundPerSecond() / floor.roundPerSecond());
    // On a busy machine many a round is nothing but waiting; of all operations it is a small part.
    ratios.together(
        of.latency() ? path.us(50) / floor.us(50) : path.perSecond() / floor.perSecond());
  }

  /** A round of the path without guides has ended, after one with. */
  void plainEnds(Sample sample) {
    plain.roundEnds(sample);
    guided.add(
        of.latency()
            ? path.roundP50Us() / plain.roundP50Us()
            : path.roundPerSecond() / plain.roundPerSecond());
    guided.together(
        of.latency() ? path.us(50) / plain.us(50) : path.perSecond() / plain.perSecond());
  }

  /** What guides do: their path over the one without; if that was measured. */
  public Optional<Figure> guidesOnOverOff() {
    String key = "guides_on_over_off_" + of.name().toLowerCase(Locale.ROOT);
    String note = of.latency() ? "medians: smaller is better" : "operations a second";
    return guided.count() == 0
        ? Optional.empty()
        : Optional.of(
            new Figure(key, of.words() + ", guides on over off", guided, Goal.NONE, note));
  }

  /** The path without guides; empty where it was not measured. */
  public Side plain() {
    return plain;
  }

  /** For people. */
  public String words() {
    return of.words();
  }

  /** Useful bytes of one operation. */
  public int bytes() {
    return of.load().bytes();
  }

  /** Whether single operations are what counts. */
  public boolean latency() {
    return of.latency();
  }

  public Side path() {
    return path;
  }

  public Side floor() {
    return floor;
  }

  /** Latency cases: p50 over p50. Throughput cases: operations a second over the floor's. */
  public Figure ratio() {
    return new Figure(of.key(), of.words() + ", over raw TCP", ratios, of.goal(), "");
  }

  /** What comes from here on counts. */
  void beginRounds() {
    reset();
    ratios.clear();
    guided.clear();
    allocated.clear();
  }

  /** Bytes allocated on both data threads for each TLP, round by round. */
  public Rounded allocatedBytesPerTlp() {
    return allocated;
  }

  /** Frames that the initiator sent for each operation: at depth 1, each waits for an answer. */
  public double framesEach() {
    return (double) frames / path.sum().operations();
  }
}
