package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.List;

/** What is left of a rail's rate when frames are lost at random, in both directions. */
final class Losses implements Measurement {
  private static final int MBIT = 100;
  private static final int BYTES = 16 << 10;
  private static final int DEPTH = 64;
  private static final int ONE_PER_MILLE = 1_000;
  private static final int ONE_PER_CENT = 10_000;

  private final RailKind kind;
  private final int rails;
  private final Rounded few = new Rounded();
  private final Rounded many = new Rounded();

  Losses(RailKind kind, int rails) {
    this.kind = kind;
    this.rails = rails;
  }

  @Override
  public List<Figure> asked() {
    return List.of(
        figure("loss_0_1_over_0", "0.1 %", few, 0.95), figure("loss_1_over_0", "1 %", many, 0.8));
  }

  private Figure figure(String key, String share, Rounded rounds, double least) {
    return new Figure(
        key + "_" + kind.word() + "_" + rails,
        "%s of frames lost over none, %d %s".formatted(share, rails, kind.word()),
        rounds,
        Goal.atLeast(least),
        "");
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    try (RailRig rig = new RailRig(Cables.Plan.direct(rails), setup.spinUs())) {
      for (int rail = 0; rail < rails; rail++) {
        rig.cables().shape(rail, MBIT);
      }
      rate(rig, setup, 0); // A warm-up.
      for (int round = 0; round < Setup.ROUNDS; round++) {
        double whole = rate(rig, setup, 0);
        few.add(rate(rig, setup, ONE_PER_MILLE) / whole);
        many.add(rate(rig, setup, ONE_PER_CENT) / whole);
      }
    }
    return asked();
  }

  private double rate(RailRig rig, Setup setup, int perMillion) throws Exception {
    Stream.Load load = new Stream.Load(false, BYTES, DEPTH);
    List<Integer> over = RailKind.first(rails);
    try (RailSession session = rig.open(kind, over, load)) {
      for (int rail : over) {
        rig.cables().lose(rail, perMillion);
      }
      Thread.sleep(Setup.SETTLE_NS / 1_000_000);
      double rate = session.rate(2 * setup.windowNs());
      for (int rail : over) {
        rig.cables().mend(rail);
      }
      return rate;
    }
  }
}
