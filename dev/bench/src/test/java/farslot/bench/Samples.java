package farslot.bench;

import farslot.bench.Figure.Goal;
import farslot.bench.hops.Breakdown;
import java.util.List;

/** A report of a run that never was. */
public final class Samples {
  private Samples() {}

  /** One goal met, one missed, one not measured; a case, a breakdown, a figure without a goal. */
  public static Report report() {
    double[] hops = {1, 2, 3, 4, 5, 6};
    return new Report(
        Machine.now(),
        List.of(result()),
        List.of(new Breakdown("one", 100, hops, hops)),
        List.of(
            new Figure("good", "good", Rounded.of(1), Goal.atMost(1.3), ""),
            new Figure("bad", "bad", Rounded.of(2), Goal.atMost(1.3), ""),
            Figure.missing("none", "none", Goal.atLeast(1), "no <root>"),
            new Figure("other", "other", Rounded.of(2), Goal.NONE, "")));
  }

  private static Result result() {
    Result result = new Result(BenchCase.NVME_READ_QD1);
    for (int i = 1; i <= 1000; i++) {
      result.path().round.recordValue(20_000L + i * i);
      result.floor().round.recordValue(10_000L + i * i);
    }
    result.path().roundEnds(new Sample(1000, 1_000_000_000, 1_000_000));
    result.floorEnds(new Sample(1000, 1_000_000_000, 1_000_000));
    return result;
  }
}
