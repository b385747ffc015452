package farslot.bench.html;

import static farslot.bench.html.Html.at;

import farslot.bench.path.Result;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How long operations took, by percentile: the further right, the rarer. Both axes are logarithmic,
 * so that the median and one in ten thousand can be read off the same plot.
 */
final class PercentilePlot {
  private static final double WIDTH = 340;
  private static final double HEIGHT = 200;
  private static final double LEFT = 44;
  private static final double RIGHT = 10;
  private static final double TOP = 8;
  private static final double BOTTOM = 22;

  /** Rightmost: one operation in ten thousand. */
  private static final double NINES_MAX = 4;

  private static final int STEPS = 96;
  private static final double NS = 1000;

  private final Result result;
  private final double lowUs;
  private final double highUs;

  PercentilePlot(Result result) {
    this.result = result;
    Histogram path = result.path().histogram();
    Histogram floor = result.floor().histogram();
    lowUs = Math.max(1, Math.min(path.getMinValue(), floor.getMinValue())) / NS;
    double high = Math.max(us(path, NINES_MAX), us(floor, NINES_MAX));
    high = Math.max(high, us(result.plain().histogram(), NINES_MAX));
    highUs = Math.max(high, 2 * lowUs);
  }

  private static double us(Histogram histogram, double nines) {
    return histogram.getValueAtPercentile(100 * (1 - Math.pow(10, -nines))) / NS;
  }

  /** The plot as SVG. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 ").append(at(WIDTH)).append(' ').append(at(HEIGHT));
    svg.append("\" role=\"img\" aria-label=\"").append(Html.text(result.words()));
    svg.append(": latency by percentile\">\n");
    grid(svg);
    curve(svg, result.floor().histogram(), "floor");
    if (result.plain().histogram().getTotalCount() > 0) {
      curve(svg, result.plain().histogram(), "plain");
    }
    curve(svg, result.path().histogram(), "path");
    return svg.append("</svg>").toString();
  }

  private void grid(StringBuilder svg) {
    for (double decade = 0.1; decade < highUs; decade *= 10) {
      for (int times : new int[] {1, 2, 5}) {
        double us = decade * times;
        if (us >= lowUs && us <= highUs && (times == 1 || highUs / lowUs < 200)) {
          line(svg, LEFT, y(us), WIDTH - RIGHT, y(us));
          text(svg, LEFT - 6, y(us) + 4, "end", label(us));
        }
      }
    }
    String[] labels = {"0", "90 %", "99 %", "99.9 %", "99.99 %"};
    for (int nines = 0; nines <= NINES_MAX; nines++) {
      line(svg, x(nines), TOP, x(nines), HEIGHT - BOTTOM);
      String anchor = nines == 0 ? "start" : nines == NINES_MAX ? "end" : "middle";
      text(svg, x(nines), HEIGHT - 6, anchor, labels[nines]);
    }
  }

  private static String label(double us) {
    if (us >= 1000) {
      return String.format(Locale.ROOT, "%.0f ms", us / 1000);
    }
    return String.format(Locale.ROOT, us < 1 ? "%.1f µs" : "%.0f µs", us);
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append("<line class=\"grid\" x1=\"").append(at(x1)).append("\" y1=\"").append(at(y1));
    svg.append("\" x2=\"").append(at(x2)).append("\" y2=\"").append(at(y2)).append("\"/>\n");
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append("<text x=\"").append(at(x)).append("\" y=\"").append(at(y));
    svg.append("\" text-anchor=\"").append(anchor).append("\">").append(text).append("</text>\n");
  }

  private void curve(StringBuilder svg, Histogram histogram, String kind) {
    svg.append("<polyline class=\"").append(kind).append("\" points=\"");
    for (int i = 0; i <= STEPS; i++) {
      double nines = NINES_MAX * i / STEPS;
      svg.append(at(x(nines))).append(',').append(at(y(us(histogram, nines)))).append(' ');
    }
    svg.append("\"/>\n");
  }

  private static double x(double nines) {
    return LEFT + (WIDTH - LEFT - RIGHT) * nines / NINES_MAX;
  }

  private double y(double us) {
    double share = Math.log(Math.max(us, lowUs) / lowUs) / Math.log(highUs / lowUs);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.min(1, share);
  }
}
