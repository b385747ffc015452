package farslot.bench.html;

import farslot.bench.path.Result;
import farslot.bench.path.Side;
import java.util.List;

/** The path and its floor, case by case, in numbers. */
final class CaseTable {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
  private static final double MEGA = 1e6;

  private CaseTable() {}

  static String html(List<Result> results) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<tr><th>µs</th>");
    for (String head :
        List.of("p50", "p90", "p99", "p99.9", "p99.99", "operations/s", "MB/s", "cpu µs/op")) {
      html.append("<th>").append(head).append("</th>");
    }
    html.append("<th>ratio</th></tr>\n");
    for (Result each : results) {
      String ratio = Html.number(each.ratio().rounds().value());
      row(html, "", each.words(), each, each.path(), "<b>" + ratio + "</b>");
      if (each.plain().histogram().getTotalCount() > 0) {
        row(html, "floor", "without guides", each, each.plain(), "");
      }
      row(html, "floor", "raw TCP", each, each.floor(), "");
    }
    return html.append("</table></div>\n").toString();
  }

  private static void row(
      StringBuilder html, String kind, String words, Result of, Side side, String ratio) {
    html.append("<tr class=\"").append(kind).append("\"><td>").append(Html.text(words));
    html.append("</td>");
    for (double percentile : PERCENTILES) {
      cell(html, Html.number(side.us(percentile)));
    }
    cell(html, Html.number(side.perSecond()));
    cell(html, Html.number(side.perSecond() * of.bytes() / MEGA));
    cell(html, Html.number(side.processorUs()));
    cell(html, ratio);
    html.append("</tr>\n");
  }

  private static void cell(StringBuilder html, String text) {
    html.append("<td>").append(text).append("</td>");
  }
}
