package farslot.bench.html;

import static farslot.bench.html.Html.at;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Rounded;
import java.util.List;

/** Figures with their goals, line by line; how far each is from its goal as a bar. */
final class FigureTable {
  private static final double GAUGE_WIDTH = 150;
  private static final double GAUGE_HEIGHT = 12;

  /** Where the goal stands on the bar. */
  private static final double GOAL_AT = 0.5;

  private FigureTable() {}

  static String html(List<Figure> figures) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<tr><th></th>");
    html.append("<th>value</th><th>rounds</th><th>goal</th><th></th><th></th></tr>\n");
    figures.forEach(each -> row(html, each));
    return html.append("</table></div>\n").toString();
  }

  private static void row(StringBuilder html, Figure figure) {
    Rounded rounds = figure.rounds();
    html.append("<tr><td>").append(Html.text(figure.words())).append("<br><code>");
    html.append(Html.text(figure.key())).append("</code>");
    if (!figure.note().isEmpty()) {
      html.append("<br><span class=\"quiet\">").append(Html.text(figure.note())).append("</span>");
    }
    html.append("</td><td><b>").append(Html.number(rounds.value())).append("</b></td><td>");
    if (rounds.count() > 1) {
      html.append(Html.number(rounds.low())).append(" – ").append(Html.number(rounds.high()));
    }
    html.append("</td><td>")
        .append(Html.text(figure.goal().toString().replace("<=", "≤").replace(">=", "≥")))
        .append("</td><td>");
    html.append(gauge(figure)).append("</td><td>").append(verdict(figure)).append("</td></tr>\n");
  }

  static String verdict(Figure figure) {
    if (figure.rounds().count() == 0) {
      return "<span class=\"verdict absent\">not measured</span>";
    }
    if (figure.goal().equals(Figure.Goal.NONE)) {
      return "";
    }
    return figure.met()
        ? "<span class=\"verdict met\">met</span>"
        : "<span class=\"verdict missed\">missed</span>";
  }

  private static String gauge(Figure figure) {
    double value = figure.rounds().value();
    double bound = figure.goal().bound();
    if (!Double.isFinite(value) || bound <= 0) {
      return "";
    }
    double share = Math.min(1, GOAL_AT * value / bound);
    double goal = GAUGE_WIDTH * GOAL_AT;
    return "<span class=\"gauge\"><svg viewBox=\"0 0 "
        + (at(GAUGE_WIDTH) + " " + at(GAUGE_HEIGHT) + "\" aria-hidden=\"true\">")
        + ("<line class=\"grid\" x1=\"0\" y1=\"6\" x2=\"150\" y2=\"6\"/>")
        + ("<rect class=\"" + (figure.met() ? "bar-good" : "bar-bad"))
        + ("\" x=\"0\" y=\"3\" width=\"" + at(GAUGE_WIDTH * share) + "\" height=\"6\" rx=\"1\"/>")
        + ("<line class=\"goal\" x1=\"" + at(goal) + "\" y1=\"0\" x2=\"" + at(goal))
        + ("\" y2=\"" + at(GAUGE_HEIGHT) + "\"/></svg></span>");
  }
}
