package farslot.bench;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Rounded;
import farslot.bench.hops.Breakdown;
import farslot.bench.path.Results;
import java.util.List;

/** A report of a run that never was. */
public final class Samples {
  private Samples() {}

  /** One goal met, one missed, one not measured; a case, a breakdown, a figure without a goal. */
  public static Report report() {
    double[] hops = {1, 2, 3, 4, 5, 6};
    return new Report(
        Machine.now(),
        List.of(Results.sample()),
        List.of(new Breakdown("one", 100, hops, hops)),
        List.of(
            new Figure("good", "good", Rounded.of(1), Goal.atMost(1.3), ""),
            new Figure("bad", "bad", Rounded.of(2), Goal.atMost(1.3), ""),
            Figure.missing("none", "none", Goal.atLeast(1), "no <root>"),
            new Figure("other", "other", Rounded.of(2), Goal.NONE, "")));
  }
}
