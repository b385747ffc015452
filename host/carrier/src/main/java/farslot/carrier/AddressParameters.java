package farslot.carrier;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What follows an address behind a question mark: {@code ?name=value&name=value}. */
final class AddressParameters {
  private final String text;
  private final Map<String, String> values = new HashMap<>();

  /**
   * @param text the whole address
   * @param known names that make sense there
   * @throws IllegalArgumentException for any other name, or one without a value, or twice
   */
  AddressParameters(String text, List<String> known) {
    this.text = text;
    int mark = text.indexOf('?');
    if (mark < 0) {
      return;
    }
    for (String each : text.substring(mark + 1).split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (!known.contains(name)) {
        throw wrong("knows no '" + name + "' behind the question mark; there are " + known);
      }
      if (equals < 0 || equals == each.length() - 1) {
        throw wrong("says no value for '" + name + "', as in " + name + "=...");
      }
      if (values.put(name, each.substring(equals + 1)) != null) {
        throw wrong("says '" + name + "' twice");
      }
    }
  }

  /** The address before the question mark. */
  static String before(String text) {
    int mark = text.indexOf('?');
    return mark < 0 ? text : text.substring(0, mark);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int least, int most, int otherwise) {
    String digits = values.get(name);
    if (digits == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(digits);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same advice.
    }
    throw wrong("has " + name + "=" + digits + ": a number from " + least + " to " + most);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("'" + text + "' " + what);
  }
}
