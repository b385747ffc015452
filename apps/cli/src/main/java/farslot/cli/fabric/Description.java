package farslot.cli.fabric;

import farslot.cli.output.Style;
import farslot.cli.output.Units;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A thing's facts below each other, names to the left, what is empty left out. */
final class Description {
  private static final int WIDTH = 24;
  private static final int INDENT = 2;

  private final boolean coloured;

  Description(boolean coloured) {
    this.coloured = coloured;
  }

  void print(JsonNode thing, PrintStream out) {
    print(thing, 0, out);
  }

  private void print(JsonNode thing, int indent, PrintStream out) {
    for (Map.Entry<String, JsonNode> each : thing.properties()) {
      fact(each.getKey(), each.getValue(), indent, out);
    }
  }

  private void fact(String key, JsonNode value, int indent, PrintStream out) {
    String title = " ".repeat(indent) + title(key) + ":";
    if (value.isObject()) {
      if (!isEmpty(value)) {
        out.println(Style.STRONG.paint(title, coloured));
        print(value, indent + INDENT, out);
      }
    } else if (value.isArray()) {
      list(title, value, indent, out);
    } else if (!isEmpty(value)) {
      String text = value.isString() ? value.asString() : value.toString();
      String shown = readable(key, text);
      out.println(
          title
              + " ".repeat(Math.max(1, WIDTH - title.length()))
              + Style.of(text).paint(shown, coloured));
    }
  }

  private void list(String title, JsonNode values, int indent, PrintStream out) {
    List<String> plain = new ArrayList<>();
    values.forEach(each -> plain.add(each.isString() ? each.asString() : each.toString()));
    if (plain.isEmpty()) {
      return;
    }
    if (!values.path(0).isObject()) {
      out.println(
          title + " ".repeat(Math.max(1, WIDTH - title.length())) + String.join(", ", plain));
      return;
    }
    out.println(Style.STRONG.paint(title, coloured));
    boolean first = true;
    for (JsonNode each : values) {
      if (!first) {
        out.println();
      }
      first = false;
      print(each, indent + INDENT, out);
    }
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull()
        || (value.isString() && value.asString().isEmpty())
        || (value.isObject() && value.propertyStream().allMatch(each -> isEmpty(each.getValue())))
        || (value.isArray() && value.isEmpty());
  }

  /** {@code capacity-bytes} is {@code Capacity}. */
  private static String title(String key) {
    String words = key.replaceAll("-(bytes|ns|ms)$", "").replace('-', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static String readable(String key, String text) {
    if (!text.matches("[0-9]{1,18}")) {
      return text;
    }
    long number = Long.parseLong(text);
    if (key.endsWith("-bytes-per-second")) {
      return number == 0 ? "-" : Units.bytesPerSecond(number);
    }
    if (key.endsWith("-bytes")) {
      return Units.size(number);
    }
    if (key.equals("at-ms")) {
      return Rows.time(number);
    }
    return key.endsWith("-ns") ? Units.latency(number) : text;
  }
}
