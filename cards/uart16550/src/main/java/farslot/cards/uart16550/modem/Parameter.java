package farslot.cards.uart16550.modem;

import java.util.List;
import java.util.Locale;

/**
 * An extended parameter (V.250, 5.4.4): its values are what its ranges name, one range a value.
 *
 * @param name with its plus
 * @param ranges as the test command answers: {@code (0,1),(300-33600)}
 * @param defaults one for each range
 * @param bare whether replies are without name and parentheses, as fax parameters' are (T.31, 8.2)
 */
record Parameter(String name, String ranges, String[] defaults, boolean bare) {
  /** All that are kept in a {@link Profile}. {@code +IFC} is there too, but &amp;K says it too. */
  static final List<Parameter> ALL =
      List.of(
          of("+IPR", "(0,300,1200,2400,4800,9600,19200,38400,57600,115200,230400)", "0"),
          of("+ICF", "(0-6),(0-3)", "3,3"),
          of("+ILRR", "(0,1)", "0"),
          of("+DR", "(0,1)", "0"),
          of("+ER", "(0,1)", "0"),
          of("+MR", "(0,1)", "0"),
          of("+DS", "(0-3),(0,1),(512-65535),(6-250)", "0,0,1024,32"),
          of("+ES", "(0-7),(0-4),(0-9)", "0,0,0"),
          of("+EB", "(0,1),(0,1),(0-254)", "0,0,0"),
          of("+EFCS", "(0-2)", "1"),
          of("+ETBM", "(0-2),(0-2),(0-30)", "0,0,0"),
          of(
              "+MS",
              "(V21,V22,V22B,V32,V32B,V34),(0,1),(0-33600),(0-33600),(0-33600),(0-33600)",
              "V34,1,0,0,0,0"),
          of("+GCI", "(00,B5)", "B5"),
          fax("+FCLASS", "0,1", "0"),
          fax("+FAE", "0", "0"),
          fax("+FAR", "0", "0"),
          fax("+FCL", "0-255", "0"),
          fax("+FLO", "0-2", "2"));

  private static final int VALUE_CHARACTERS_MAX = 8;

  private static Parameter of(String name, String ranges, String defaults) {
    return new Parameter(name, ranges, defaults.split(","), false);
  }

  private static Parameter fax(String name, String range, String otherwise) {
    return new Parameter(name, "(" + range + ")", new String[] {otherwise}, true);
  }

  static Parameter named(String name) {
    for (Parameter parameter : ALL) {
      if (parameter.name.equals(name)) {
        return parameter;
      }
    }
    return null;
  }

  /**
   * Sets what a command gives; omitted values stay.
   *
   * @param given what stands behind the equals sign
   * @return false, and nothing changed, when a value is not in its range or there are too many
   */
  boolean set(String given, String[] values) {
    String[] parts = given.split(",", -1);
    if (parts.length > values.length) {
      return false;
    }
    String[] wanted = values.clone();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty() && parts.length > 1) {
        continue;
      }
      String value = canonical(parts[i], i);
      if (value == null) {
        return false;
      }
      wanted[i] = value;
    }
    System.arraycopy(wanted, 0, values, 0, values.length);
    return true;
  }

  private String canonical(String given, int index) {
    String value = given.toUpperCase(Locale.ROOT);
    if (value.length() > 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1);
    }
    if (value.isEmpty() || value.length() > VALUE_CHARACTERS_MAX) {
      return null;
    }
    String range = ranges.substring(1, ranges.length() - 1).split("\\),\\(")[index];
    for (String part : range.split(",")) {
      int dash = part.indexOf('-');
      if (dash < 0 ? part.equals(value) : within(value, part, dash)) {
        return value;
      }
      if (dash < 0 && number(value) >= 0 && number(value) == number(part)) {
        return part; // 01 is 1.
      }
    }
    return null;
  }

  private static boolean within(String value, String part, int dash) {
    int number = number(value);
    return number >= number(part.substring(0, dash)) && number <= number(part.substring(dash + 1));
  }

  private static int number(String digits) {
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
  }

  /** What {@code NAME?} answers. */
  String read(String[] values) {
    String list = String.join(",", values);
    return bare ? list : name + ": " + list;
  }

  /** What {@code NAME=?} answers. */
  String test() {
    return bare ? ranges.substring(1, ranges.length() - 1) : name + ": " + ranges;
  }
}
