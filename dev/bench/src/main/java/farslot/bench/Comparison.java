package farslot.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The path against bare TCP, case by case. Rounds of both alternate, so that what the machine does
 * besides hits both.
 */
final class Comparison {
  private static final int ROUNDS = 9;
  private static final long FILL_NS = 1_500_000_000L;

  /** A round of a warm-up, half of it the floor's. */
  private static final long WARM_UP_NS = 500_000_000L;

  /** Rounds of a warm-up at most; a busy machine may compile for that long. */
  private static final int WARM_UPS_MAX = 12;

  /** What a round of a warm-up has to save at least for another to be worth it. */
  private static final double GAIN_LEAST = 0.05;

  private final Bench.Options options;
  private final Consumer<String> progress;

  Comparison(Bench.Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Measures these cases, one after the other. */
  List<Result> run(List<BenchCase> cases) throws Exception {
    try (PathRig rig = new PathRig(options.spinUs(), Map.of(), PathRig.Between.NOBODY);
        RawTcp floor = new RawTcp(options.spinUs() * 1000L)) {
      progress.accept("filling the drive");
      BenchCase fill = BenchCase.SEQUENTIAL_WRITE;
      rig.run(fill, FILL_NS, Took.into(new Side().round));
      List<Result> results = new ArrayList<>();
      for (BenchCase each : cases) {
        progress.accept(each.words());
        results.add(alternate(rig, floor, each));
      }
      return results;
    }
  }

  private Result alternate(PathRig rig, RawTcp floor, BenchCase of) throws Exception {
    Result result = new Result(of);
    warmUp(rig, floor, result);
    result.beginRounds();
    long each = Math.max(1, (long) (options.seconds() * 1e9) / (2 * ROUNDS));
    for (int round = 0; round < ROUNDS; round++) {
      round(rig, floor, result, each);
    }
    return result;
  }

  /**
   * Until an operation takes no less of the processors than before: what runs by then has been
   * compiled. Time alone does not tell: on a busy machine the compiler waits for its turn, too.
   */
  private void warmUp(PathRig rig, RawTcp floor, Result result) throws Exception {
    double least = Double.MAX_VALUE;
    int idle = 0;
    for (int round = 0; round < WARM_UPS_MAX && idle < 2; round++) {
      result.reset();
      round(rig, floor, result, WARM_UP_NS / 2);
      double now = result.path().processorUs();
      idle = now < least * (1 - GAIN_LEAST) ? 0 : idle + 1;
      least = Math.min(least, now);
    }
  }

  private static void round(PathRig rig, RawTcp floor, Result result, long forNs) throws Exception {
    result.pathEnds(rig.run(result.of, forNs, Took.into(result.path().round)), rig.meter());
    result.floorEnds(floor.run(result.of, forNs, result.floor().round));
  }
}
