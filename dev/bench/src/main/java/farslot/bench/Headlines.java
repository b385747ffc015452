package farslot.bench;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Rounded;
import farslot.bench.path.BenchCase;
import farslot.bench.path.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the cases' results come to: a ratio each, and what several of them say together. */
final class Headlines {
  private static final String STREAM = "dma_stream_over_raw_tcp";
  private static final String ALLOCATED = "alloc_bytes_per_tlp";

  /** Trips are told in hundredths: now and then a frame only announces room for more. */
  private static final double HUNDREDTHS = 100;

  private Headlines() {}

  /** Keys of what else a case is needed for. */
  static List<String> about(BenchCase of) {
    return switch (of) {
      case NVME_READ_QD1 -> List.of("round_trips_per_read", ALLOCATED);
      case NVME_WRITE_QD1 -> List.of("round_trips_per_write", ALLOCATED);
      case DMA_READ_STREAM, DMA_WRITE_STREAM -> List.of(STREAM);
      default -> List.of();
    };
  }

  static List<Figure> of(List<Result> results) {
    List<Figure> figures = new ArrayList<>();
    results.forEach(each -> figures.add(each.ratio()));
    stream(results, figures);
    for (Result each : results) {
      if (each.of == BenchCase.NVME_READ_QD1 || each.of == BenchCase.NVME_WRITE_QD1) {
        figures.add(roundTrips(each));
      }
    }
    if (!results.isEmpty()) {
      figures.add(allocated(results));
    }
    results.forEach(each -> each.guidesOnOverOff().ifPresent(figures::add));
    return figures;
  }

  /** Both directions have to be good: the worse one counts. */
  private static void stream(List<Result> results, List<Figure> figures) {
    results.stream()
        .filter(each -> about(each.of).contains(STREAM))
        .map(Result::ratio)
        .min(Comparator.comparingDouble(each -> each.rounds().value()))
        .ifPresent(
            worse ->
                figures.add(
                    new Figure(
                        STREAM,
                        "DMA stream over one raw TCP stream, worse direction",
                        worse.rounds(),
                        Goal.atLeast(0.9),
                        worse.words())));
  }

  private static Figure roundTrips(Result of) {
    return new Figure(
        about(of.of).getFirst(),
        "round trips, " + of.words(),
        Rounded.of(hundredths(of.framesEach())),
        Goal.atMost(1),
        "");
  }

  private static double hundredths(double value) {
    return Math.round(value * HUNDREDTHS) / HUNDREDTHS;
  }

  private static Figure allocated(List<Result> results) {
    Rounded all = new Rounded();
    results.forEach(each -> each.allocatedBytesPerTlp().values().forEach(all::add));
    all.together(hundredths(all.median()));
    return new Figure(
        ALLOCATED,
        "bytes allocated per TLP, both data threads",
        all,
        Goal.atMost(0),
        "middle of all rounds, in hundredths: the beginning of a run is in it");
  }
}
