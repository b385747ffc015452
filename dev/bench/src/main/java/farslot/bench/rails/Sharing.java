package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.List;
import java.util.Map;

/**
 * Two functions of one session on a rail that carries less than both want: what one of them gets to
 * which a rate is committed, and what without; and what a function gets alone that has a peak rate.
 */
final class Sharing implements Measurement {
  private static final int MBIT = 100;
  private static final double LINE = MBIT * 1e6 / 8;

  /** More than its half of the rail, bytes a second. */
  private static final double COMMITTED = 8e6;

  private static final double PEAK = 5e6;
  private static final int BYTES = 16 << 10;
  private static final int DEPTH = 64;
  private static final List<Map<String, Object>> SLOTS =
      List.of(
          RailRig.drive("committed", Map.of("committed", "8MB/s")),
          RailRig.drive("greedy", Map.of("class", 6)),
          RailRig.drive("plain", Map.of()),
          RailRig.drive("other", Map.of()),
          RailRig.drive("bounded", Map.of("peak", "5MB/s")));

  private final RailKind kind;
  private final Rounded committed = new Rounded();
  private final Rounded without = new Rounded();
  private final Rounded used = new Rounded();
  private final Rounded peak = new Rounded();

  Sharing(RailKind kind) {
    this.kind = kind;
  }

  @Override
  public List<Figure> asked() {
    return List.of(
        figure(
            "qos_committed_over_configured_",
            "payload of a function with 8 MB/s committed beside a greedy one, over that, %s rail of 100 Mbit/s",
            committed,
            Goal.atLeast(0.95)),
        figure(
            "qos_without_over_configured_",
            "the same with nothing committed to it, %s rail",
            without,
            Goal.NONE),
        figure(
            "qos_line_used_",
            "payload of both over what the wire carries, %s rail",
            used,
            Goal.atLeast(0.85)),
        figure(
            "qos_peak_over_configured_",
            "payload of a function alone with a peak rate of 5 MB/s, over that, %s rail",
            peak,
            Goal.atLeast(0.95)));
  }

  private Figure figure(String key, String words, Rounded rounds, Goal goal) {
    return new Figure(key + kind.word(), words.formatted(kind.word()), rounds, goal, "");
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    try (RailRig rig = new RailRig(Cables.Plan.direct(1), setup.spinUs(), SLOTS)) {
      rig.cables().shape(0, MBIT);
      for (int round = 0; round < Setup.ROUNDS; round++) {
        double[] both = rates(rig, setup, List.of("committed", "greedy"));
        committed.add(both[0] / COMMITTED);
        used.add((both[0] + both[1]) / LINE);
        without.add(rates(rig, setup, List.of("plain", "other"))[0] / COMMITTED);
        peak.add(rates(rig, setup, List.of("bounded"))[0] / PEAK);
      }
    }
    return asked();
  }

  /** What each gets, bytes of payload a second. */
  private double[] rates(RailRig rig, Setup setup, List<String> functions) throws Exception {
    Stream.Load load = new Stream.Load(false, BYTES, DEPTH);
    try (RailSession session = rig.open(kind, List.of(0), functions, load)) {
      Thread.sleep(2 * Setup.SETTLE_NS / 1_000_000);
      Stream.Progress[] before = progress(session, functions.size());
      Thread.sleep(3 * setup.windowNs() / 1_000_000);
      Stream.Progress[] after = progress(session, functions.size());
      double[] rates = new double[functions.size()];
      for (int i = 0; i < rates.length; i++) {
        rates[i] = after[i].since(before[i]);
      }
      return rates;
    }
  }

  private static Stream.Progress[] progress(RailSession session, int functions) throws Exception {
    Stream.Progress[] all = new Stream.Progress[functions];
    for (int i = 0; i < functions; i++) {
      all[i] = session.progress(i);
    }
    return all;
  }
}
