package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.List;

/**
 * What several rails carry, over what one carries: 2 and 4 of the same rate, then 3 of different
 * rates over the sum of what each carries alone. Configurations take turns.
 */
final class Scaling implements Measurement {
  private static final int MBIT = 50;

  /** Rails 4 to 6; the slowest has a fifth of the fastest. */
  private static final int[] UNEQUAL_MBIT = {20, 50, 100};

  private static final List<Integer> UNEQUAL = List.of(4, 5, 6);
  private static final int CABLES = 7;

  /**
   * Enough under way to fill all rails, and what waits at the end for the slowest of them: a drive
   * works on 64 such transfers at once, 32 when it reads the server's memory.
   */
  private static final int BYTES = 32 << 10;

  private static final int DEPTH = 127;

  private final RailKind kind;
  private final boolean towardsDrive;
  private final Cables.Plan plan;
  private final Rounded alone = new Rounded();
  private final Rounded two = new Rounded();
  private final Rounded four = new Rounded();
  private final Rounded unequal = new Rounded();

  /**
   * @param towardsDrive whether the card reads the server's memory instead of writing it
   * @param switched whether there is a switch between the hosts, see {@link Cables.Plan}
   */
  Scaling(RailKind kind, boolean towardsDrive, boolean switched) {
    plan = switched ? Cables.Plan.switched(CABLES) : Cables.Plan.direct(CABLES);
    this.kind = kind;
    this.towardsDrive = towardsDrive;
  }

  @Override
  public List<Figure> asked() {
    return List.of(
        figure("rails_2_over_1", "2 equal %s rails over 1, %s", two, 1.95),
        figure("rails_4_over_1", "4 equal %s rails over 1, %s", four, 3.9),
        figure("rails_unequal_over_sum", "3 unequal %s rails over their sum, %s", unequal, 0.95),
        // What is compared with: without this a poor single rail would make the others look good.
        figure("rail_alone_over_line", "1 %s rail's goodput over its line rate, %s", alone, 0.9));
  }

  private Figure figure(String key, String words, Rounded rounds, double least) {
    String direction = towardsDrive ? "reads" : "writes";
    // What one TCP rail carries alone, in long frames, is more than its part of a mixed session.
    boolean alike = kind != RailKind.MIXED || !key.endsWith("_over_1");
    Goal goal = alike ? Goal.atLeast(least) : Goal.NONE;
    return new Figure(
        key + "_" + kind.word() + "_" + direction + (plan.switched() ? "_switched" : ""),
        words.formatted(kind.word(), "DMA " + direction) + (plan.switched() ? ", a switch" : ""),
        rounds,
        goal,
        goal == Goal.NONE
            ? "not equal: TCP rails carry Ethernet's short frames, with more headers"
            : "");
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    try (RailRig rig = new RailRig(plan, setup.spinUs())) {
      for (int rail = 0; rail < CABLES; rail++) {
        rig.cables().shape(rail, rail < 4 ? MBIT : UNEQUAL_MBIT[rail - 4]);
      }
      rate(rig, setup, List.of(0, 1)); // A warm-up.
      for (int round = 0; round < Setup.ROUNDS; round++) {
        double one = rate(rig, setup, List.of(0));
        alone.add(one * 8 / (MBIT * 1e6));
        two.add(rate(rig, setup, List.of(0, 1)) / one);
        four.add(rate(rig, setup, List.of(0, 1, 2, 3)) / one);
        unequal.add(rate(rig, setup, UNEQUAL) / sum(rig, setup));
      }
    }
    return asked();
  }

  private double sum(RailRig rig, Setup setup) throws Exception {
    double sum = 0;
    for (int rail : UNEQUAL) {
      sum += rate(rig, setup, List.of(rail));
    }
    return sum;
  }

  private double rate(RailRig rig, Setup setup, List<Integer> over) throws Exception {
    Stream.Load load = new Stream.Load(towardsDrive, BYTES, DEPTH);
    // Where kinds alternate, a single rail is of the kind that it has among the others.
    try (RailSession session = rig.open(kind, over, load)) {
      Thread.sleep(Setup.SETTLE_NS / 1_000_000);
      return session.rate(setup.windowNs());
    }
  }
}
