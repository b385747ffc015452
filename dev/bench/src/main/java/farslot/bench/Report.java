package farslot.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What a run has found, for people and for machines. */
public final class Report {
  private final List<Result> results;
  private final List<Figure> figures;

  Report(List<Result> results, List<Figure> figures) {
    this.results = results;
    this.figures = figures;
  }

  /** Bytes allocated on both data threads for each TLP that went over the wire. */
  private double allocatedBytesPerTlp() {
    long bytes = results.stream().mapToLong(r -> r.allocatedBytes).sum();
    long tlps = results.stream().mapToLong(r -> r.tlps).sum();
    return tlps == 0 ? 0 : (double) bytes / tlps;
  }

  /** Tables. */
  public void print(PrintStream to) {
    if (!results.isEmpty()) {
      printPath(to);
    }
    FigureReport.print(figures, to);
  }

  private void printPath(PrintStream to) {
    to.printf(
        Locale.ROOT,
        "%-34s %8s %9s %8s %8s %7s | %8s %9s %8s %8s %7s | %6s%n",
        "",
        "p50 us",
        "p99 us",
        "ops/s",
        "MB/s",
        "cpu us",
        "raw p50",
        "raw p99",
        "raw op/s",
        "raw MB/s",
        "raw cpu",
        "ratio");
    for (Result r : results) {
      to.printf(
          Locale.ROOT,
          "%-34s %8.1f %9.1f %8.0f %8.1f %7.1f | %8.1f %9.1f %8.0f %8.1f %7.1f | %6.2f%n",
          r.of.words(),
          Result.us(r.measured, 50),
          Result.us(r.measured, 99),
          r.measuredSample.perSecond(),
          r.bytesPerSecond() / 1e6,
          r.measuredSample.processorUs(),
          Result.us(r.floor, 50),
          Result.us(r.floor, 99),
          r.floorSample.perSecond(),
          r.floorBytesPerSecond() / 1e6,
          r.floorSample.processorUs(),
          r.ratio());
    }
    to.println();
    for (Result r : results) {
      if (r.of == BenchCase.NVME_READ_QD1 || r.of == BenchCase.NVME_WRITE_QD1) {
        to.printf(Locale.ROOT, "round trips, %-36s %8.2f%n", r.of.words(), r.framesEach());
      }
    }
    to.printf(Locale.ROOT, "bytes allocated per TLP %34.3f%n", allocatedBytesPerTlp());
    to.println();
    to.println(
        "The ratio is p50 over raw p50 at depth 1 and for registers (1 is perfect, larger is worse),");
    to.println(
        "operations a second over raw ones elsewhere (1 is perfect, smaller is worse). cpu is the");
    to.println("processor time of both data threads for an operation, spinning included.");
  }

  /** One JSON object: ratios at the top, figures below. */
  public void printJson(PrintStream to) {
    StringBuilder json = new StringBuilder("{\n");
    for (Result r : results) {
      field(json, r.of.key(), r.ratio(), 4);
    }
    for (Result r : results) {
      if (r.of == BenchCase.NVME_READ_QD1) {
        field(json, "round_trips_per_read", r.framesEach(), 3);
      } else if (r.of == BenchCase.NVME_WRITE_QD1) {
        field(json, "round_trips_per_write", r.framesEach(), 3);
      }
    }
    if (!results.isEmpty()) {
      field(json, "alloc_bytes_per_tlp", allocatedBytesPerTlp(), 4);
    }
    FigureReport.keys(figures, json);
    FigureReport.members(figures, json);
    json.append(",\n  \"cases\": {\n");
    for (int i = 0; i < results.size(); i++) {
      Result r = results.get(i);
      json.append(
          String.format(
              Locale.ROOT,
              "    \"%s\": {\"what\": \"%s\", \"frames_each\": %.3f, \"alloc_bytes_per_tlp\": %.4f, \"p50_us\": %.2f, \"p99_us\": %.2f, \"per_s\": %.0f,"
                  + " \"bytes_per_s\": %.0f, \"cpu_us\": %.3f, \"raw_p50_us\": %.2f, \"raw_p99_us\": %.2f,"
                  + " \"raw_per_s\": %.0f, \"raw_bytes_per_s\": %.0f, \"raw_cpu_us\": %.3f}%s%n",
              r.of.name().toLowerCase(Locale.ROOT),
              r.of.words(),
              r.framesEach(),
              r.allocatedBytesPerTlp(),
              Result.us(r.measured, 50),
              Result.us(r.measured, 99),
              r.measuredSample.perSecond(),
              r.bytesPerSecond(),
              r.measuredSample.processorUs(),
              Result.us(r.floor, 50),
              Result.us(r.floor, 99),
              r.floorSample.perSecond(),
              r.floorBytesPerSecond(),
              r.floorSample.processorUs(),
              i + 1 < results.size() ? "," : ""));
    }
    json.append("  }\n}");
    to.println(json);
  }

  private static void field(StringBuilder json, String key, double value, int digits) {
    json.append(String.format(Locale.ROOT, "  \"%s\": %." + digits + "f,%n", key, value));
  }
}
