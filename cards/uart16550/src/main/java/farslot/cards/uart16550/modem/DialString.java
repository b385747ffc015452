package farslot.cards.uart16550.modem;

import java.util.Locale;

/**
 * What stands behind D (V.250, 6.3.1).
 *
 * @param target digits, or {@code host:port}, or a name in quotation marks; "" for none
 * @param pauses how many commas
 * @param stays whether it ends with a semicolon: the modem takes commands while it calls
 * @param redials L: what was dialled last
 * @param stored S=n: that stored number; -1 for none
 * @param waitsForSilence an at sign: whoever does not answer is told as such
 * @param rest commands behind the semicolon
 */
record DialString(
    String target,
    int pauses,
    boolean stays,
    boolean redials,
    int stored,
    boolean waitsForSilence,
    String rest) {
  static final int TARGET_CHARACTERS_MAX = 260;
  static final int STORED_NUMBERS = 4;

  /** Reads one; null when it cannot be dialled. */
  static DialString parse(String text) {
    int quoted = text.indexOf('"');
    int end = text.indexOf(';', quoted < 0 ? 0 : Math.max(quoted, text.indexOf('"', quoted + 1)));
    boolean stays = end >= 0;
    String rest = stays ? text.substring(end + 1) : "";
    String body = stays ? text.substring(0, end) : text;
    String upper = body.trim().toUpperCase(Locale.ROOT);
    if (upper.equals("L")) {
      return new DialString("", 0, stays, true, -1, false, rest);
    }
    if (upper.startsWith("S=")) {
      return stored(upper.substring(2).trim(), stays, rest);
    }
    if (quoted >= 0) {
      int close = body.indexOf('"', quoted + 1);
      return close < 0 ? null : checked(body.substring(quoted + 1, close), 0, stays, false, rest);
    }
    return body.indexOf(':') >= 0
        ? checked(address(body), 0, stays, false, rest)
        : digits(upper, stays, rest);
  }

  private static DialString stored(String digits, boolean stays, String rest) {
    boolean one = digits.length() == 1 && digits.charAt(0) >= '0';
    int index = one ? digits.charAt(0) - '0' : STORED_NUMBERS;
    return index < STORED_NUMBERS ? new DialString("", 0, stays, false, index, false, rest) : null;
  }

  /** An address behind T or P: a host's name does not begin there by chance. */
  private static String address(String body) {
    String address = body.trim();
    boolean modified = address.length() > 1 && "TPtp".indexOf(address.charAt(0)) >= 0;
    char second = modified ? address.charAt(1) : 0;
    // "ATDT bbs:23" and "ATDTbbs:23" both dial bbs; "ATDtower:23" dials ower, as V.250 has it.
    return modified && second != ':' ? address.substring(1).trim() : address;
  }

  private static DialString digits(String body, boolean stays, String rest) {
    StringBuilder target = new StringBuilder();
    int pauses = 0;
    boolean silence = false;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c >= '0' && c <= '9' || c >= 'A' && c <= 'D' || c == '*' || c == '#' || c == '+') {
        target.append(c);
      } else if (c == ',') {
        pauses++;
      } else if (c == '@') {
        silence = true;
      } // T, P, W, ! and whatever a person writes between digits: nothing to be done.
    }
    return checked(target.toString(), pauses, stays, silence, rest);
  }

  private static DialString checked(
      String target, int pauses, boolean stays, boolean silence, String rest) {
    return target.length() > TARGET_CHARACTERS_MAX
        ? null
        : new DialString(target, pauses, stays, false, -1, silence, rest);
  }
}
