package farslot.bench.many;

import farslot.bench.figures.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Measures what many functions cost: processor time while nothing happens, memory, threads, the
 * time to attach, and what the one that is busy notices of the others.
 */
public final class ManyBench {
  private final Measurement.Setup setup;
  private final Consumer<String> progress;

  /**
   * @param seconds for each case
   * @param spinUs as in the programs' configurations
   * @param progress told what is being done
   */
  public ManyBench(double seconds, int spinUs, Consumer<String> progress) {
    this.setup = new Measurement.Setup(seconds, spinUs);
    this.progress = progress;
  }

  private static List<Measurement> all() {
    return List.of(new Idle(), new Thousand(), new ManagerApi());
  }

  /** The keys that there are. */
  public static List<String> keys() {
    return all().stream().flatMap(each -> each.asked().stream()).map(Figure::key).toList();
  }

  /** Measures what is wanted; what cannot be measured is there, too, with the reason. */
  public List<Figure> run(Predicate<String> wanted) {
    List<Figure> figures = new ArrayList<>();
    for (Measurement each : all()) {
      if (each.asked().stream().anyMatch(figure -> wanted.test(figure.key()))) {
        figures.addAll(run(each));
      }
    }
    return figures;
  }

  private List<Figure> run(Measurement measurement) {
    List<Figure> asked = measurement.asked();
    progress.accept(asked.get(0).words());
    try {
      return measurement.run(setup);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return missing(asked, "interrupted");
    } catch (Exception e) {
      // One that fails takes none of the others along.
      return missing(asked, e.toString());
    }
  }

  private static List<Figure> missing(List<Figure> asked, String why) {
    return asked.stream()
        .map(each -> Figure.missing(each.key(), each.words(), each.goal(), why))
        .toList();
  }
}
