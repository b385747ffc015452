package farslot.bench;

import farslot.bench.figures.Figure;
import farslot.bench.path.Result;
import farslot.bench.path.Side;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints {@link Result}s: a table, or a member of a JSON object. */
final class CaseReport {
  /** What is told of how long operations took. */
  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

  private CaseReport() {}

  static void print(List<Result> results, PrintStream to) {
    if (results.isEmpty()) {
      return;
    }
    to.printf(
        "%-34s %8s %8s %8s %8s %9s %9s %8s %7s %8s%n",
        "", "p50 us", "p90", "p99", "p99.9", "p99.99", "ops/s", "MB/s", "cpu us", "ratio");
    for (Result each : results) {
      line(each.words(), each, each.path(), each.ratio().rounds().value(), to);
      if (each.plain().histogram().getTotalCount() > 0) {
        line("  without guides", each, each.plain(), Double.NaN, to);
      }
      line("  raw TCP", each, each.floor(), Double.NaN, to);
    }
    to.println();
    to.println(
        "The ratio is p50 over raw p50 at depth 1 and for registers (1 is perfect, larger is worse),");
    to.println(
        "operations a second over raw ones elsewhere (1 is perfect, smaller is worse), of all rounds,");
    to.println(
        "which take turns. cpu is the processor time of both data threads for an operation,");
    to.println("spinning included.");
  }

  private static void line(String words, Result of, Side side, double ratio, PrintStream to) {
    to.printf(
        Locale.ROOT,
        "%-34s %8.1f %8.1f %8.1f %8.1f %9.1f %9.0f %8.1f %7.1f %8s%n",
        words,
        side.us(50),
        side.us(90),
        side.us(99),
        side.us(99.9),
        side.us(99.99),
        side.perSecond(),
        side.perSecond() * of.bytes() / 1e6,
        side.processorUs(),
        Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio));
  }

  /** The member {@code cases}: all that is known of each. */
  static void member(List<Result> results, StringBuilder json) {
    json.append("  \"cases\": {");
    String before = "\n";
    for (Result each : results) {
      json.append(before).append("    \"").append(each.of.name().toLowerCase(Locale.ROOT));
      json.append("\": {\"what\": ").append(Json.quoted(each.words()));
      json.append(", \"frames_each\": ").append(Json.number(each.framesEach()));
      json.append(", \"alloc_bytes_per_tlp\": ");
      json.append(Json.number(each.allocatedBytesPerTlp().median()));
      side("", each, each.path(), json);
      if (each.plain().histogram().getTotalCount() > 0) {
        side("plain_", each, each.plain(), json);
      }
      side("raw_", each, each.floor(), json);
      json.append('}');
      before = ",\n";
    }
    json.append(results.isEmpty() ? "}" : "\n  }");
  }

  private static void side(String prefix, Result of, Side side, StringBuilder json) {
    for (double percentile : PERCENTILES) {
      String name = "p" + Figure.Goal.trim(percentile).replace(".", "_") + "_us";
      member(prefix + name, side.us(percentile), json);
    }
    member(prefix + "per_s", side.perSecond(), json);
    member(prefix + "bytes_per_s", side.perSecond() * of.bytes(), json);
    member(prefix + "cpu_us", side.processorUs(), json);
  }

  private static void member(String name, double value, StringBuilder json) {
    json.append(", \"").append(name).append("\": ").append(Json.number(value));
  }
}
