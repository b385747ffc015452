package farslot.tidy;

import java.util.List;

/** Java source with comments and the insides of literals blanked out; lines stay where they are. */
final class JavaCode {
  private final String text;
  private final StringBuilder code = new StringBuilder();
  private int at;

  JavaCode(String text) {
    this.text = text;
    while (at < text.length()) {
      step();
    }
  }

  List<String> lines() {
    return code.toString().lines().toList();
  }

  private void step() {
    if (text.startsWith("//", at)) {
      blankUntil("\n", false);
    } else if (text.startsWith("/*", at)) {
      blankUntil("*/", true);
    } else if (text.startsWith("\"\"\"", at)) {
      literal("\"\"\"");
    } else if (text.charAt(at) == '"') {
      literal("\"");
    } else if (text.charAt(at) == '\'') {
      literal("'");
    } else {
      code.append(text.charAt(at++));
    }
  }

  private void literal(String quote) {
    code.append(quote);
    at += quote.length();
    while (at < text.length() && !text.startsWith(quote, at)) {
      boolean escaped = text.charAt(at) == '\\';
      blank();
      if (escaped && at < text.length()) {
        blank();
      }
    }
    code.append(quote);
    at += quote.length();
  }

  private void blankUntil(String end, boolean inclusive) {
    while (at < text.length() && !text.startsWith(end, at)) {
      blank();
    }
    for (int i = 0; inclusive && i < end.length() && at < text.length(); i++) {
      blank();
    }
  }

  private void blank() {
    code.append(text.charAt(at) == '\n' ? '\n' : ' ');
    at++;
  }
}
