package farslot.bench.html;

import static farslot.bench.html.Html.at;

import farslot.bench.hops.Breakdown;
import farslot.bench.hops.Hop;
import java.util.List;

/** Where operations spend their time, a bar each, cut into hops. */
final class HopBars {
  private static final double WIDTH = 1060;
  private static final double LEFT = 270;
  private static final double RIGHT = 90;
  private static final double ROW = 40;
  private static final double BAR = 24;
  private static final double TOP = 6;

  /** A piece that is narrower has no room for its number. */
  private static final double LABEL_LEAST = 34;

  private final List<Breakdown> breakdowns;

  HopBars(List<Breakdown> breakdowns) {
    this.breakdowns = breakdowns;
  }

  /** The bars as SVG. */
  String svg() {
    double most = breakdowns.stream().mapToDouble(b -> Breakdown.total(b.usual())).max().orElse(1);
    double scale = (WIDTH - LEFT - RIGHT) / most;
    StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 ");
    svg.append(at(WIDTH)).append(' ').append(at(TOP + ROW * breakdowns.size()));
    svg.append("\" role=\"img\" aria-label=\"time by hop\">\n");
    for (int i = 0; i < breakdowns.size(); i++) {
      bar(svg, breakdowns.get(i), TOP + i * ROW, scale);
    }
    return svg.append("</svg>").toString();
  }

  private static void bar(StringBuilder svg, Breakdown of, double y, double scale) {
    double middle = y + BAR / 2 + 4;
    text(svg, 0, middle, "start", "strong", Html.text(of.words()));
    double x = LEFT;
    for (Hop hop : Hop.values()) {
      double us = of.usual()[hop.ordinal()];
      double width = us * scale;
      svg.append("<rect x=\"").append(at(x)).append("\" y=\"").append(at(y));
      svg.append("\" width=\"").append(at(Math.max(0, width - 1))).append("\" height=\"");
      svg.append(at(BAR)).append("\" rx=\"2\" style=\"fill:var(--hop").append(hop.ordinal());
      svg.append(")\"><title>").append(Html.text(hop.words())).append(": ");
      svg.append(Html.number(us)).append(" µs</title></rect>\n");
      if (width >= LABEL_LEAST) {
        text(svg, x + width / 2, middle, "middle", "inside", Html.number(us));
      }
      x += width;
    }
    text(svg, x + 8, middle, "start", "strong", Html.number(Breakdown.total(of.usual())) + " µs");
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String kind, String text) {
    svg.append("<text class=\"").append(kind).append("\" x=\"").append(at(x)).append("\" y=\"");
    svg.append(at(y)).append("\" text-anchor=\"").append(anchor).append("\">");
    svg.append(text).append("</text>\n");
  }

  /** The colours' meanings. */
  static String key() {
    StringBuilder key = new StringBuilder("<div class=\"key\">");
    for (Hop hop : Hop.values()) {
      key.append("<span title=\"").append(Html.text(hop.meaning()));
      key.append("\"><i style=\"background:var(--hop").append(hop.ordinal()).append(")\"></i>");
      key.append(Html.text(hop.words())).append("</span>");
    }
    return key.append("</div>\n").toString();
  }
}
