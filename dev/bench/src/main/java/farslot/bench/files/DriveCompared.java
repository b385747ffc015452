package farslot.bench.files;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import farslot.bench.path.BenchCase;
import farslot.bench.path.PathRig;
import farslot.bench.path.Sample;
import farslot.bench.path.Took;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The whole path with a drive in a file that the page cache has, over the same with one in RAM. */
final class DriveCompared implements Measurement {
  private static final List<BenchCase> CASES =
      List.of(
          BenchCase.NVME_READ_QD1,
          BenchCase.NVME_WRITE_QD1,
          BenchCase.NVME_READ_QD32,
          BenchCase.NVME_WRITE_QD32,
          BenchCase.NVME_READ_QD128);

  private static final long HIGHEST_NS = 60_000_000_000L;
  private static final int DIGITS = 3;

  /** What one of both has done. */
  private static final class Seen {
    final Histogram times = new Histogram(HIGHEST_NS, DIGITS);
    final Rounded perSecond = new Rounded();
    final Rounded processorUs = new Rounded();

    Seen() {
      times.setAutoResize(false);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.0f a second, p50 %.1f us, %.1f us of the data threads' time each",
          perSecond.median(),
          times.getValueAtPercentile(50) / 1e3,
          processorUs.median());
    }
  }

  @Override
  public List<Figure> asked() {
    return CASES.stream().map(of -> figure(of, new Rounded(), "")).toList();
  }

  private static Figure figure(BenchCase of, Rounded ratios, String note) {
    return new Figure(
        "file_drive_" + of.name().toLowerCase(Locale.ROOT) + "_over_ram",
        of.words() + ": drive in a file, in memory, over RAM, whole path",
        ratios,
        Goal.NONE,
        note);
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    Path file = Files.createTempFile("farslot-bench", ".img");
    Files.delete(file); // the appliance makes it
    List<Figure> figures = new ArrayList<>();
    try (PathRig onFile = PathRig.onFile(setup.spinUs(), file, Map.of());
        PathRig onRam = new PathRig(setup.spinUs(), Map.of(), PathRig.Between.NOBODY)) {
      for (PathRig rig : List.of(onFile, onRam)) {
        rig.run(BenchCase.SEQUENTIAL_WRITE, setup.windowNs(), (began, ended) -> {});
      }
      for (BenchCase of : CASES) {
        figures.add(compare(of, setup, onFile, onRam));
      }
    } finally {
      Files.deleteIfExists(file);
    }
    return figures;
  }

  private static Figure compare(BenchCase of, Setup setup, PathRig onFile, PathRig onRam)
      throws Exception {
    Rounded ratios = new Rounded();
    Seen file = new Seen();
    Seen ram = new Seen();
    for (int round = -1; round < Setup.ROUNDS; round++) {
      if (round <= 0) { // The first one warms up.
        file = new Seen();
        ram = new Seen();
      }
      double rate = round(onFile, of, setup, file);
      double floor = round(onRam, of, setup, ram);
      if (round >= 0) {
        ratios.add(rate / floor);
      }
    }
    return figure(of, ratios, "file: " + file + "; RAM: " + ram);
  }

  private static double round(PathRig rig, BenchCase of, Setup setup, Seen into) throws Exception {
    Sample sample = rig.run(of, setup.windowNs(), Took.into(into.times));
    into.perSecond.add(sample.perSecond());
    into.processorUs.add(rig.processorNs() / 1e3 / sample.operations());
    return sample.perSecond();
  }
}
