package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.List;

/**
 * One of two rails dies under load, and comes back: the longest time without progress, and how long
 * it takes until both carry what they did before.
 */
final class RailDeath implements Measurement {
  /** How it dies. */
  enum How {
    /** Nothing gets through, and nobody is told. */
    SILENT,
    /** The link goes down. */
    DOWN
  }

  private static final int MBIT = 100;
  private static final int BYTES = 4 << 10;
  private static final int DEPTH = 120;
  private static final long DEAD_MS = 1_500;
  private static final long LOOK_MS = 100;
  private static final long RETURN_MS_MAX = 10_000;

  /** Of the rate before, when the rail counts as back. */
  private static final double BACK = 0.9;

  private final RailKind kind;
  private final How how;
  private final Rounded stall = new Rounded();
  private final Rounded left = new Rounded();
  private final Rounded back = new Rounded();

  RailDeath(RailKind kind, How how) {
    this.kind = kind;
    this.how = how;
  }

  @Override
  public List<Figure> asked() {
    String what = how == How.SILENT ? "cut" : "down";
    String suffix = "_" + kind.word() + "_" + what;
    String words = "one of two %s rails %s: ".formatted(kind.word(), what);
    return List.of(
        new Figure(
            "rail_death_stall_ms" + suffix, words + "longest gap, ms", stall, Goal.atMost(100), ""),
        new Figure(
            "rail_death_rate_left" + suffix,
            words + "rate then over before",
            left,
            Goal.atLeast(0.45),
            ""),
        new Figure(
            "rail_return_ms" + suffix,
            words + "ms from its return to full rate",
            back,
            Goal.NONE,
            ""));
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    try (RailRig rig = new RailRig(Cables.Plan.direct(2), setup.spinUs())) {
      rig.cables().shape(0, MBIT);
      rig.cables().shape(1, MBIT);
      for (int round = 0; round < Setup.ROUNDS; round++) {
        try (RailSession session =
            rig.open(kind, List.of(0, 1), new Stream.Load(false, BYTES, DEPTH))) {
          Thread.sleep(2 * Setup.SETTLE_NS / 1_000_000);
          // The first rail in one round, the second in the next.
          round(rig, session, setup, round % 2);
        }
      }
    }
    return asked();
  }

  private void round(RailRig rig, RailSession session, Setup setup, int victim) throws Exception {
    double before = session.rate(setup.windowNs());
    session.progress(); // Forgets the longest gap so far.
    kill(rig.cables(), victim);
    Thread.sleep(DEAD_MS);
    stall.add(session.progress().longestGapNs() / 1e6);
    left.add(session.rate(setup.windowNs()) / before);
    long from = System.nanoTime();
    revive(rig.cables(), victim);
    while (session.rate(LOOK_MS * 1_000_000) < BACK * before) {
      if (System.nanoTime() - from > RETURN_MS_MAX * 1_000_000) {
        throw new IllegalStateException("the rail was not back after " + RETURN_MS_MAX + " ms");
      }
    }
    back.add((System.nanoTime() - from) / 1e6 - LOOK_MS);
  }

  private void kill(Cables cables, int rail) {
    if (how == How.SILENT) {
      cables.cut(rail);
    } else {
      cables.unplug(rail);
    }
  }

  private void revive(Cables cables, int rail) {
    if (how == How.SILENT) {
      cables.mend(rail);
    } else {
      cables.plug(rail);
    }
  }
}
