package farslot.cards.uart16550.modem;

/** A place in a command line. Spaces do not count, except in what is taken whole. */
final class CommandReader {
  private static final int DIGITS_MAX = 6;

  /** A number with too many digits: no command takes it. */
  static final int TOO_LARGE = Integer.MAX_VALUE;

  private final String line;
  private int at;

  CommandReader(String line) {
    this.line = line;
  }

  private void skipSpaces() {
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
  }

  boolean atEnd() {
    skipSpaces();
    return at == line.length();
  }

  /** The next character, a letter in upper case; 0 at the end. */
  char next() {
    return atEnd() ? 0 : Character.toUpperCase(line.charAt(at++));
  }

  /** Takes a character if it is the next one. */
  boolean takes(char c) {
    boolean is = !atEnd() && line.charAt(at) == c;
    if (is) {
      at++;
    }
    return is;
  }

  boolean atDigit() {
    return !atEnd() && line.charAt(at) >= '0' && line.charAt(at) <= '9';
  }

  /** A number; none at all is 0 (V.250, 5.3.1). */
  int number() {
    int value = 0;
    int digits = 0;
    while (atDigit()) {
      value = digits++ < DIGITS_MAX ? value * 10 + line.charAt(at) - '0' : TOO_LARGE;
      at++;
    }
    return digits > DIGITS_MAX ? TOO_LARGE : value;
  }

  /** An extended command's name, in upper case (V.250, 5.4.1). */
  String name() {
    int from = at;
    while (at < line.length() && nameCharacter(line.charAt(at))) {
      at++;
    }
    return line.substring(from, at).toUpperCase(java.util.Locale.ROOT);
  }

  private static boolean nameCharacter(char c) {
    return c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c >= '0' && c <= '9'
        || "!%-./:_".indexOf(c) >= 0;
  }

  /** What stands before the next semicolon outside of quotation marks; spaces are left out. */
  String value() {
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    while (at < line.length() && (quoted || line.charAt(at) != ';')) {
      char c = line.charAt(at++);
      quoted ^= c == '"';
      if (c != ' ' || quoted) {
        value.append(c);
      }
    }
    return value.toString();
  }

  /** All that is left. */
  String rest() {
    String rest = line.substring(at);
    at = line.length();
    return rest;
  }
}
