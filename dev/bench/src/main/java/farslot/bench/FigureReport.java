package farslot.bench;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Rounded;
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
    to.printf("%n%-62s %9s %9s %9s  %s%n", "", "value", "low", "high", "goal");
    for (Figure figure : figures) {
      Rounded rounds = figure.rounds();
      to.printf(
          Locale.ROOT,
          "%-62s %9s %9s %9s  %-8s %s%n",
          figure.words(),
          Json.number(rounds.value(), "-"),
          Json.number(rounds.low(), "-"),
          Json.number(rounds.high(), "-"),
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
      json.append("  ").append(Json.quoted(figure.key())).append(": ");
      json.append(Json.number(figure.rounds().value())).append(",\n");
    }
  }

  /**
   * Figures that are one question's under a key of their own, with whether all their goals are
   * reached; nothing when there is none.
   *
   * @param key what their keys begin with
   */
  static void group(String key, List<Figure> figures, StringBuilder json) {
    List<Figure> group = figures.stream().filter(f -> f.key().startsWith(key + "_")).toList();
    if (group.isEmpty()) {
      return;
    }
    json.append("  ").append(Json.quoted(key)).append(": {");
    for (Figure figure : group) {
      json.append(Json.quoted(figure.key().substring(key.length() + 1))).append(": ");
      json.append(Json.number(figure.rounds().value())).append(", ");
    }
    json.append("\"reached\": ").append(group.stream().allMatch(Figure::met)).append("},\n");
  }

  /**
   * The member {@code goals}: of each that should be something, what it is and what it should be.
   */
  static void goals(List<Figure> figures, StringBuilder json) {
    json.append("  \"goals\": {");
    String before = "\n";
    for (Figure figure : figures) {
      if (figure.goal() != Figure.Goal.NONE) {
        json.append(before).append("    ").append(Json.quoted(figure.key())).append(": {");
        json.append("\"value\": ").append(Json.number(figure.rounds().value()));
        json.append(", \"goal\": ").append(Json.quoted(figure.goal().toString()));
        json.append(", \"reached\": ").append(figure.met()).append('}');
        before = ",\n";
      }
    }
    json.append("\n  }");
  }

  /** The member {@code figures}: all that is known of each. */
  static void members(List<Figure> figures, StringBuilder json) {
    json.append("  \"figures\": {");
    String before = "\n";
    for (Figure figure : figures) {
      Rounded rounds = figure.rounds();
      json.append(before).append("    ").append(Json.quoted(figure.key())).append(": {");
      json.append("\"what\": ").append(Json.quoted(figure.words()));
      json.append(", \"value\": ").append(Json.number(rounds.value()));
      json.append(", \"median\": ").append(Json.number(rounds.median()));
      json.append(", \"low\": ").append(Json.number(rounds.low()));
      json.append(", \"high\": ").append(Json.number(rounds.high()));
      json.append(", \"rounds\": ").append(rounds.count());
      json.append(", \"goal\": ").append(Json.quoted(figure.goal().toString()));
      json.append(", \"met\": ").append(figure.met());
      json.append(", \"note\": ").append(Json.quoted(figure.note())).append('}');
      before = ",\n";
    }
    json.append(figures.isEmpty() ? "}" : "\n  }");
  }
}
