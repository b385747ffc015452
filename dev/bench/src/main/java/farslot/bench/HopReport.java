package farslot.bench;

import farslot.bench.hops.Breakdown;
import farslot.bench.hops.Hop;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints {@link Breakdown}s: a table, or a member of a JSON object. */
final class HopReport {
  private HopReport() {}

  static void print(List<Breakdown> breakdowns, PrintStream to) {
    if (breakdowns.isEmpty()) {
      return;
    }
    to.printf("%n%-34s", "hop by hop, us");
    for (Hop hop : Hop.values()) {
      to.printf(" %17s", hop.words());
    }
    to.printf(" %9s%n", "together");
    for (Breakdown each : breakdowns) {
      line(each.words(), each.usual(), to);
      line("  slowest hundredth", each.slow(), to);
    }
    to.println();
    to.println("Means of the middle half, which add up, and of the slowest hundredth. Measured by");
    to.println(
        "itself, with borders around card and function that cost some hundred ns a crossing.");
  }

  private static void line(String words, double[] us, PrintStream to) {
    to.printf("%-34s", words);
    for (double each : us) {
      to.printf(Locale.ROOT, " %17.2f", each);
    }
    to.printf(Locale.ROOT, " %9.2f%n", Breakdown.total(us));
  }

  /** The member {@code hops}, microseconds. */
  static void member(List<Breakdown> breakdowns, StringBuilder json) {
    json.append("  \"hops\": [");
    String before = "\n";
    for (Breakdown each : breakdowns) {
      json.append(before).append("    {\"what\": ").append(Json.quoted(each.words()));
      json.append(", \"operations\": ").append(each.operations());
      us("usual_us", each.usual(), json);
      us("slow_us", each.slow(), json);
      json.append('}');
      before = ",\n";
    }
    json.append(breakdowns.isEmpty() ? "]" : "\n  ]");
  }

  private static void us(String name, double[] us, StringBuilder json) {
    json.append(", \"").append(name).append("\": {");
    for (Hop hop : Hop.values()) {
      json.append('"').append(hop.name().toLowerCase(Locale.ROOT)).append("\": ");
      json.append(Json.number(us[hop.ordinal()])).append(", ");
    }
    json.append("\"together\": ").append(Json.number(Breakdown.total(us))).append('}');
  }
}
