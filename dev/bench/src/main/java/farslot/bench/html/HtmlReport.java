package farslot.bench.html;

import farslot.bench.Report;
import farslot.bench.figures.Figure;
import farslot.bench.hops.Breakdown;
import farslot.bench.hops.Hop;
import farslot.bench.path.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A run's report as one HTML page, with nothing in it that has to be fetched. */
public final class HtmlReport {
  private final Report report;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(Report report) {
    this.report = report;
  }

  /** Writes the page, in UTF-8. */
  public static void write(Report report, Path to) throws IOException {
    Files.writeString(to, of(report));
  }

  /** The page. */
  static String of(Report report) throws IOException {
    return new HtmlReport(report).page();
  }

  private String page() throws IOException {
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<title>Farslot bench, ").append(report.machine().begun()).append("</title>\n");
    html.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
    head();
    goals();
    cases();
    hops();
    others();
    meanings();
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String style() throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<Figure> withGoal() {
    return report.figures().stream().filter(f -> !f.goal().equals(Figure.Goal.NONE)).toList();
  }

  private void head() {
    html.append("<h1>Farslot bench</h1>\n<p class=\"lead\">A card at the other end of a cable, ");
    html.append("and what that costs. Every ratio compares rounds that took turns in one run; ");
    html.append("absolute figures drift with the machine.</p>\n");
    List<Figure> goals = withGoal();
    long met = goals.stream().filter(Figure::met).count();
    long measured = goals.stream().filter(f -> f.rounds().count() > 0).count();
    html.append("<div class=\"tally\">");
    tally("met", met, "goals met");
    tally("missed", measured - met, "missed");
    if (measured < goals.size()) {
      tally("absent", goals.size() - measured, "not measured");
    }
    html.append("</div>\n<dl>\n");
    report
        .machine()
        .facts()
        .forEach(
            (name, value) ->
                html.append("<dt>")
                    .append(Html.text(name))
                    .append("</dt><dd>")
                    .append(Html.text(value))
                    .append("</dd>\n"));
    html.append("</dl>\n");
  }

  private void tally(String kind, long count, String words) {
    html.append("<div><b class=\"").append(kind).append("\">").append(count).append("</b>");
    html.append(words).append("</div>");
  }

  private void goals() {
    section("Goals", "The bar shows the value, the mark its goal.");
    html.append(FigureTable.html(withGoal()));
  }

  private void cases() {
    List<Result> results = report.results();
    if (results.isEmpty()) {
      return;
    }
    section(
        "The path over its floor",
        "The floor is bare TCP between two threads of the same kind: same event loop, same"
            + " spinning, messages no smaller. The further right in a plot, the rarer.");
    html.append("<div class=\"key\"><span><i style=\"background:var(--path)\"></i>Farslot</span>");
    html.append("<span><i style=\"background:var(--plain)\"></i>Farslot without guides</span>");
    html.append("<span><i style=\"background:var(--floor)\"></i>raw TCP</span></div>\n");
    html.append("<div class=\"plots\">\n");
    for (Result each : results) {
      html.append("<figure><h3>").append(Html.text(each.words())).append("</h3>\n");
      html.append(new PercentilePlot(each).svg()).append("\n<figcaption>");
      html.append(each.latency() ? "p50 over raw p50: <b>" : "operations over raw ones: <b>");
      html.append(Html.number(each.ratio().rounds().value())).append("</b></figcaption>");
      html.append("</figure>\n");
    }
    html.append("</div>\n").append(CaseTable.html(results));
  }

  private void hops() {
    List<Breakdown> breakdowns = report.breakdowns();
    if (breakdowns.isEmpty()) {
      return;
    }
    section(
        "Where one operation spends its time",
        "Mean of the middle half, microseconds. Measured by itself, with borders around card and"
            + " function that cost some hundred nanoseconds a crossing: shares count, sums are a"
            + " little high.");
    html.append("<figure class=\"wide\">").append(new HopBars(breakdowns).svg());
    html.append(HopBars.key()).append("</figure>\n");
    html.append("<div class=\"scroll\"><table>\n<tr><th>µs</th>");
    for (Hop hop : Hop.values()) {
      html.append("<th>").append(Html.text(hop.words())).append("</th>");
    }
    html.append("<th>together</th></tr>\n");
    for (Breakdown each : breakdowns) {
      hopRow("", each.words(), each.usual());
      hopRow("floor", "slowest hundredth", each.slow());
    }
    html.append("</table></div>\n");
  }

  private void hopRow(String kind, String words, double[] us) {
    html.append("<tr class=\"").append(kind).append("\"><td>").append(Html.text(words));
    html.append("</td>");
    for (double each : us) {
      html.append("<td>").append(Html.number(each)).append("</td>");
    }
    html.append("<td>").append(Html.number(Breakdown.total(us))).append("</td></tr>\n");
  }

  private void others() {
    List<Figure> rest =
        report.figures().stream().filter(f -> f.goal().equals(Figure.Goal.NONE)).toList();
    if (!rest.isEmpty()) {
      section("Other figures", "Without a goal of their own.");
      html.append(FigureTable.html(rest));
    }
  }

  private void meanings() {
    section("How to read this", "");
    for (String each : Meanings.ALL) {
      html.append("<p>").append(each).append("</p>\n");
    }
  }

  private void section(String title, String words) {
    html.append("<h2>").append(title).append("</h2>\n");
    if (!words.isEmpty()) {
      html.append("<p class=\"quiet\">").append(words).append("</p>\n");
    }
  }
}
