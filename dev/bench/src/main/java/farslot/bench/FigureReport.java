package farslot.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints {@link Figure}s: a table, or members of a JSON object. */
final class FigureReport {
  private FigureReport() {}

  static void print(List<Figure> figures, PrintStream to) {
    if (figures.isEmpty()) {
      return;
    }
    to.printf("%n%-62s %9s %9s %9s  %s%n", "", "median", "low", "high", "goal");
    for (Figure figure : figures) {
      Rounded rounds = figure.rounds();
      to.printf(
          Locale.ROOT,
          "%-62s %9s %9s %9s  %-8s %s%n",
          figure.words(),
          number(rounds.median(), "-"),
          number(rounds.low(), "-"),
          number(rounds.high(), "-"),
          figure.goal(),
          verdict(figure));
      if (!figure.note().isEmpty()) {
        to.println("    " + figure.note());
      }
    }
  }

  private static String verdict(Figure figure) {
    if (figure.rounds().count() == 0) {
      return "not measured";
    }
    return figure.goal() == Figure.Goal.NONE ? "" : figure.met() ? "met" : "MISSED";
  }

  /** Each key and its median, with a comma behind. */
  static void keys(List<Figure> figures, StringBuilder json) {
    for (Figure figure : figures) {
      json.append("  ").append(quoted(figure.key())).append(": ");
      json.append(number(figure.rounds().median(), "null")).append(",\n");
    }
  }

  /** The member {@code figures}: all that is known of each. */
  static void members(List<Figure> figures, StringBuilder json) {
    json.append("  \"figures\": {");
    String before = "\n";
    for (Figure figure : figures) {
      Rounded rounds = figure.rounds();
      json.append(before).append("    ").append(quoted(figure.key())).append(": {");
      json.append("\"what\": ").append(quoted(figure.words()));
      json.append(", \"median\": ").append(number(rounds.median(), "null"));
      json.append(", \"low\": ").append(number(rounds.low(), "null"));
      json.append(", \"high\": ").append(number(rounds.high(), "null"));
      json.append(", \"rounds\": ").append(rounds.count());
      json.append(", \"goal\": ").append(quoted(figure.goal().toString()));
      json.append(", \"met\": ").append(figure.met());
      json.append(", \"note\": ").append(quoted(figure.note())).append('}');
      before = ",\n";
    }
    json.append(figures.isEmpty() ? "}" : "\n  }");
  }

  private static String number(double value, String none) {
    if (Double.isNaN(value)) {
      return none;
    }
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.4f" : "%.1f", value);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
