package farslot.bench.figures;

import java.util.List;
import java.util.function.Consumer;

/** What all who carry out {@link Measurement}s do alike. */
public final class Measurements {
  private Measurements() {}

  /** One that fails takes none of the others along. */
  public static List<Figure> attempt(
      Measurement measurement, Measurement.Setup setup, Consumer<String> progress) {
    List<Figure> asked = measurement.asked();
    progress.accept(asked.get(0).words());
    try {
      return measurement.run(setup);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return missing(asked, "interrupted");
    } catch (Exception e) {
      return missing(asked, e.toString());
    }
  }

  /** The same figures, without values. */
  public static List<Figure> missing(List<Figure> asked, String why) {
    return asked.stream()
        .map(each -> Figure.missing(each.key(), each.words(), each.goal(), why))
        .toList();
  }
}
