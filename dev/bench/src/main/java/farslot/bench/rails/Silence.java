package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.List;

/**
 * Nothing gets through for two seconds, by any rail: how long after the wire's return there is
 * progress again. The time that it takes to mend the wire is in it.
 */
final class Silence implements Measurement {
  private static final int MBIT = 100;
  private static final int BYTES = 4 << 10;
  private static final int DEPTH = 64;
  private static final long SILENT_MS = 2_000;
  private static final long LOOK_MS = 10;
  private static final long WAIT_MS_MAX = 15_000;

  private final RailKind kind;
  private final int rails;
  private final Rounded resumed = new Rounded();

  Silence(RailKind kind, int rails) {
    this.kind = kind;
    this.rails = rails;
  }

  @Override
  public List<Figure> asked() {
    return List.of(
        new Figure(
            "resume_after_silence_ms_" + kind.word() + "_" + rails,
            "ms to resume after 2 s of silence, %d %s".formatted(rails, kind.word()),
            resumed,
            Goal.atMost(200),
            ""));
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    List<Integer> over = RailKind.first(rails);
    try (RailRig rig = new RailRig(Cables.Plan.direct(rails), setup.spinUs())) {
      over.forEach(rail -> rig.cables().shape(rail, MBIT));
      try (RailSession session = rig.open(kind, over, new Stream.Load(false, BYTES, DEPTH))) {
        for (int round = 0; round < Setup.ROUNDS; round++) {
          Thread.sleep(2 * Setup.SETTLE_NS / 1_000_000);
          resumed.add(round(rig.cables(), session, over));
        }
      }
    }
    return asked();
  }

  private static double round(Cables cables, RailSession session, List<Integer> over)
      throws Exception {
    over.forEach(cables::cut);
    Thread.sleep(SILENT_MS);
    session.awaitProgress();
    long from = System.nanoTime();
    over.forEach(cables::mend);
    while (true) {
      long awaited = session.progress().awaitedNs();
      if (awaited != 0) {
        return (awaited - from) / 1e6;
      }
      if (System.nanoTime() - from > WAIT_MS_MAX * 1_000_000) {
        throw new IllegalStateException("no progress for " + WAIT_MS_MAX + " ms");
      }
      Thread.sleep(LOOK_MS);
    }
  }
}
