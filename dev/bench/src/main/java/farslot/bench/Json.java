package farslot.bench;

import java.util.Locale;

/** JSON's words for texts and numbers. */
final class Json {
  private Json() {}

  static String quoted(String text) {
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

  /** With four digits behind the point, or one when it is large; {@code none} for what is none. */
  static String number(double value, String none) {
    if (!Double.isFinite(value)) {
      return none;
    }
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.4f" : "%.1f", value);
  }

  static String number(double value) {
    return number(value, "null");
  }
}
