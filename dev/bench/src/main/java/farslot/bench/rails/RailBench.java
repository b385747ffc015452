package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Measurements;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Measures what several rails, lossy rails and dying rails do, on cables between network namespaces
 * of this machine. Rates are so low that two processors are not what limits them.
 */
public final class RailBench {
  /**
   * What stands for all kinds of rails is the worst of them, of those with a goal if any has one.
   */
  private static final Map<String, Boolean> HEADLINES = headlines();

  private final Measurement.Setup setup;
  private final Consumer<String> progress;

  /**
   * @param seconds eight times what each configuration gets in each round
   * @param spinUs as in the programs' configurations
   * @param progress told what is being done
   */
  public RailBench(double seconds, int spinUs, Consumer<String> progress) {
    this.setup = new Measurement.Setup(seconds, spinUs);
    this.progress = progress;
  }

  /** Each headline, and whether the largest value is the worst. */
  private static Map<String, Boolean> headlines() {
    Map<String, Boolean> all = new LinkedHashMap<>();
    all.put("rails_2_over_1", false);
    all.put("rails_4_over_1", false);
    all.put("rails_unequal_over_sum", false);
    all.put("loss_0_1_over_0", false);
    all.put("loss_1_over_0", false);
    all.put("payload_share_mtu_9000", false);
    all.put("payload_share_mtu_1500", false);
    all.put("rail_death_stall_ms", true);
    all.put("rail_return_ms", true);
    all.put("resume_after_silence_ms", true);
    all.put("tcp_share", false);
    all.put("qos_committed_over_configured", false);
    all.put("qos_peak_over_configured", false);
    return all;
  }

  private static List<Measurement> all() {
    List<Measurement> all = new ArrayList<>();
    all.add(new EthernetRoundTrip());
    all.add(new PacketReceiving());
    all.add(new Protection(RailKind.TCP));
    all.add(new Protection(RailKind.ETHERNET));
    for (RailKind kind : RailKind.values()) {
      all.add(new Scaling(kind, false, false));
    }
    all.add(new Scaling(RailKind.TCP, true, false));
    all.add(new Scaling(RailKind.ETHERNET, true, false));
    all.add(new Scaling(RailKind.ETHERNET, false, true));
    all.add(new Losses(RailKind.ETHERNET, 1));
    all.add(new Losses(RailKind.ETHERNET, 2));
    for (int mtu : new int[] {9000, 1500}) {
      all.add(new PayloadShare(RailKind.TCP, mtu));
      all.add(new PayloadShare(RailKind.ETHERNET, mtu));
    }
    for (RailKind kind : RailKind.values()) {
      all.add(new RailDeath(kind, RailDeath.How.SILENT));
      all.add(new RailDeath(kind, RailDeath.How.DOWN));
    }
    all.add(new Silence(RailKind.TCP, 1));
    all.add(new Silence(RailKind.ETHERNET, 1));
    all.add(new Silence(RailKind.MIXED, 2));
    all.add(new Fairness(RailKind.ETHERNET));
    all.add(new Fairness(RailKind.TCP));
    all.add(new Sharing(RailKind.ETHERNET));
    all.add(new Sharing(RailKind.TCP));
    return all;
  }

  /** The keys that there are. */
  public static List<String> keys() {
    return all().stream().flatMap(each -> each.asked().stream()).map(Figure::key).toList();
  }

  /** Measures what is wanted; what cannot be measured is there, too, with the reason. */
  public List<Figure> run(Predicate<String> wanted) {
    List<Figure> figures = new ArrayList<>();
    String missing = Cables.missing();
    for (Measurement each : all()) {
      List<Figure> asked = each.asked();
      if (asked.stream().anyMatch(figure -> wanted.test(figure.key()))) {
        figures.addAll(
            missing.isEmpty()
                ? Measurements.attempt(each, setup, progress)
                : Measurements.missing(asked, missing));
      }
    }
    List<Figure> all = headlines(figures);
    all.addAll(figures);
    return all;
  }

  private static List<Figure> headlines(List<Figure> figures) {
    List<Figure> all = new ArrayList<>();
    HEADLINES.forEach(
        (key, largest) -> {
          Comparator<Figure> byMedian = Comparator.comparingDouble(f -> f.rounds().value());
          Comparator<Figure> worst = largest ? byMedian.reversed() : byMedian;
          List<Figure> named = figures.stream().filter(f -> f.key().startsWith(key + "_")).toList();
          List<Figure> bound = named.stream().filter(f -> f.goal() != Figure.Goal.NONE).toList();
          List<Figure> of = bound.isEmpty() ? named : bound;
          List<Figure> lost = of.stream().filter(f -> f.rounds().count() == 0).toList();
          (lost.isEmpty() ? of.stream().min(worst) : lost.stream().findFirst())
              .ifPresent(
                  f ->
                      all.add(
                          new Figure(
                              key, "worst of all: " + f.words(), f.rounds(), f.goal(), f.note())));
        });
    return all;
  }
}
