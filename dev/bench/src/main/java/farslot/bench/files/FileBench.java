package farslot.bench.files;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Measurements;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Measures ways to use a file as a card does: what decided how the appliance does it. */
public final class FileBench {
  private final Measurement.Setup setup;
  private final Consumer<String> progress;

  /**
   * @param seconds eight times what each way gets in each round
   * @param spinUs as in the programs' configurations
   * @param progress told what is being done
   */
  public FileBench(double seconds, int spinUs, Consumer<String> progress) {
    setup = new Measurement.Setup(seconds, spinUs);
    this.progress = progress;
  }

  private static Stream<Measurement> all() {
    return Stream.concat(
        Stream.of(new DriveCompared()), Stream.of(FileLoad.values()).map(WaysCompared::new));
  }

  /** Whether it is worth its time when nobody has asked for it in particular. */
  private static boolean isTelling(Measurement measurement) {
    return !(measurement instanceof WaysCompared ways) || ways.isTelling();
  }

  /** The keys that there are. */
  public static List<String> keys() {
    return all().flatMap(each -> each.asked().stream()).map(Figure::key).toList();
  }

  /**
   * Measures what is wanted.
   *
   * @param byName somebody has named what he wants; otherwise the few loads will do that say most
   */
  public List<Figure> run(Predicate<String> wanted, boolean byName) {
    List<Figure> figures = new ArrayList<>();
    for (Measurement each : all().filter(each -> byName || isTelling(each)).toList()) {
      if (each.asked().stream().anyMatch(figure -> wanted.test(figure.key()))) {
        figures.addAll(Measurements.attempt(each, setup, progress));
      }
    }
    return figures;
  }
}
