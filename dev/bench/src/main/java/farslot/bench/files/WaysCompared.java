package farslot.bench.files;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** One load, by all ways in turn. */
final class WaysCompared implements Measurement {
  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 3;

  private static final Set<FileLoad> TELLING =
      Set.of(FileLoad.READ_HOT_QD1, FileLoad.READ_COLD_QD32, FileLoad.WRITE_QD32);

  private final FileLoad load;

  WaysCompared(FileLoad load) {
    this.load = load;
  }

  /** Whether it is worth its time when nobody has asked for it in particular. */
  boolean isTelling() {
    return TELLING.contains(load);
  }

  /** What is known of one way. */
  private static final class Seen {
    final Histogram times = new Histogram(HIGHEST_NS, DIGITS);

    /** How long the agent stood still at a time. */
    final Histogram kept = new Histogram(HIGHEST_NS, DIGITS);

    final Rounded ratio = new Rounded();
    final Rounded perSecond = new Rounded();
    final Rounded processorUs = new Rounded();
    String missing = "";

    String note() {
      return String.format(
          Locale.ROOT,
          "%.0f a second, %.1f us of processor time each, p50 %.1f us, p99 %.1f us; the agent stood"
              + " still for p99.9 %.0f us, p99.99 %.0f us, at most %.0f us",
          perSecond.median(),
          processorUs.median(),
          us(times, 50),
          us(times, 99),
          us(kept, 99.9),
          us(kept, 99.99),
          us(kept, 100));
    }

    private static double us(Histogram histogram, double percentile) {
      return histogram.getValueAtPercentile(percentile) / 1e3;
    }
  }

  @Override
  public List<Figure> asked() {
    List<Figure> asked = new ArrayList<>();
    for (Way way : Way.values()) {
      asked.add(figure(way, new Seen(), ""));
    }
    return asked;
  }

  private Figure figure(Way way, Seen seen, String note) {
    return new Figure(
        load.key() + "_" + way.key() + "_over_inline_pool",
        load.words() + ": " + way.words(),
        seen.ratio,
        Goal.NONE,
        note);
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    Map<Way, Seen> all = new EnumMap<>(Way.class);
    for (Way way : Way.values()) {
      all.put(way, new Seen());
    }
    try (Bed bed = new Bed(load.workingBytes(), setup.spinUs())) {
      for (int round = -1; round < Setup.ROUNDS; round++) {
        double floor = 0;
        for (Way way : Way.values()) {
          Seen seen = all.get(way);
          if (round == 0) {
            seen.kept.reset();
            seen.times.reset(); // The first round warms up.
          }
          Bed.Round now = round(bed, way, seen, setup.windowNs());
          floor = way == Way.INLINE_POOL && now != null ? now.perSecond() : floor;
          if (round >= 0 && now != null) {
            seen.ratio.add(now.perSecond() / floor);
            seen.perSecond.add(now.perSecond());
            seen.processorUs.add(now.processorUs());
          }
        }
      }
    }
    List<Figure> figures = new ArrayList<>();
    all.forEach(
        (way, seen) ->
            figures.add(figure(way, seen, seen.missing.isEmpty() ? seen.note() : seen.missing)));
    return figures;
  }

  /** Null where this machine does not have that way. */
  private Bed.Round round(Bed bed, Way way, Seen seen, long forNs) throws InterruptedException {
    try {
      return bed.round(way, load, forNs, seen.times, seen.kept);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      seen.missing = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
      return null;
    }
  }
}
