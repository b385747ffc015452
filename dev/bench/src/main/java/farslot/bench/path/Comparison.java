package farslot.bench.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The path against bare TCP, case by case. Rounds of both alternate, so that what the machine does
 * besides hits both.
 */
public final class Comparison {
  private static final int ROUNDS = 9;
  private static final long FILL_NS = 1_500_000_000L;

  /**
   * A round of a warm-up at most, half of it the floor's; who measures for less warms up for less.
   */
  private static final long WARM_UP_NS = 500_000_000L;

  /** Rounds of a warm-up at most; a busy machine may compile for that long. */
  private static final int WARM_UPS_MAX = 12;

  /** What a round of a warm-up has to save at least for another to be worth it. */
  private static final double GAIN_LEAST = 0.05;

  /** An initiator's configuration without guides. */
  public static final Map<String, Object> PLAIN = Map.of("guides", false);

  private final double seconds;
  private final int spinUs;
  private final Consumer<String> progress;

  /**
   * @param seconds for each case, half of it for its floor
   * @param spinUs as in the programs' configurations
   * @param progress told what is being done
   */
  public Comparison(double seconds, int spinUs, Consumer<String> progress) {
    this.seconds = seconds;
    this.spinUs = spinUs;
    this.progress = progress;
  }

  /** Measures these cases, one after the other. */
  public List<Result> run(List<BenchCase> cases) throws Exception {
    try (PathRig rig = new PathRig(spinUs, Map.of(), PathRig.Between.NOBODY);
        PathRig plain = new PathRig(spinUs, PLAIN, PathRig.Between.NOBODY);
        RawTcp floor = new RawTcp(spinUs * 1000L)) {
      progress.accept("filling the drives");
      BenchCase fill = BenchCase.SEQUENTIAL_WRITE;
      plain.run(fill, FILL_NS, Took.into(new Side().round));
      rig.run(fill, FILL_NS, Took.into(new Side().round));
      Paths paths = new Paths(rig, plain, floor);
      List<Result> results = new ArrayList<>();
      for (BenchCase each : cases) {
        progress.accept(each.words());
        results.add(alternate(paths, each));
      }
      return results;
    }
  }

  private Result alternate(Paths paths, BenchCase of) throws Exception {
    Result result = new Result(of);
    warmUp(paths, result);
    result.beginRounds();
    long each = Math.max(1, (long) (seconds * 1e9) / (2 * ROUNDS));
    for (int round = 0; round < ROUNDS; round++) {
      paths.round(result, each);
    }
    return result;
  }

  /**
   * Until an operation takes no less of the processors than before: what runs by then has been
   * compiled. Time alone does not tell: on a busy machine the compiler waits for its turn, too.
   */
  private void warmUp(Paths paths, Result result) throws Exception {
    long each = Math.min(WARM_UP_NS, (long) (seconds * 1e9)) / 2;
    double least = Double.MAX_VALUE;
    int idle = 0;
    for (int round = 0; round < WARM_UPS_MAX && idle < 2; round++) {
      result.reset();
      paths.round(result, each);
      double now = result.path().processorUs();
      idle = now < least * (1 - GAIN_LEAST) ? 0 : idle + 1;
      least = Math.min(least, now);
    }
  }

  /** Those that take turns; without guides only where a guide has something to do. */
  private record Paths(PathRig rig, PathRig plain, RawTcp floor) {
    void round(Result result, long forNs) throws Exception {
      BenchCase of = result.of;
      result.pathEnds(rig.run(of, forNs, Took.into(result.path().round)), rig.meter());
      if (of.drive()) {
        Sample sample = plain.run(of, forNs, Took.into(result.plain().round));
        result.plainEnds(sample.withProcessorNs(plain.meter().processorNs()));
      }
      result.floorEnds(floor.run(of, forNs, result.floor().round));
    }
  }
}
