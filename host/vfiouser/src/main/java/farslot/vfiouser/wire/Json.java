package farslot.vfiouser.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON (RFC 8259) as far as VERSION needs it: read once a session, from a peer that may send
 * anything. Objects become maps, arrays lists, numbers {@link Long} or {@link Double}; null becomes
 * {@link #NULL}.
 */
public final class Json {
  /** JSON's null. */
  public static final Object NULL = new Object();

  /** Deeper nesting than this is an attack on the stack. */
  private static final int DEPTH_MAX = 16;

  /** A number of this many characters fits into a long; a longer one is a Double. */
  private static final int LONG_DIGITS = 18;

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /** The text is not JSON. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedException(String what, int at) {
      super(what + " at " + at);
    }
  }

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  public static Object parse(String text) throws MalformedException {
    Json json = new Json(text);
    Object value = json.value(0);
    json.skipSpace();
    if (json.at != text.length()) {
      throw json.malformed("more text");
    }
    return value;
  }

  private Object value(int depth) throws MalformedException {
    if (depth > DEPTH_MAX) {
      throw malformed("nested too deeply");
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) throws MalformedException {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    skipSpace();
    if (take('}')) {
      return members;
    }
    do {
      skipSpace();
      String name = string();
      skipSpace();
      expect(':');
      members.put(name, value(depth + 1));
      skipSpace();
    } while (take(','));
    expect('}');
    return members;
  }

  private List<Object> array(int depth) throws MalformedException {
    List<Object> elements = new ArrayList<>();
    at++;
    skipSpace();
    if (take(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
      skipSpace();
    } while (take(','));
    expect(']');
    return elements;
  }

  private String string() throws MalformedException {
    expect('"');
    StringBuilder result = new StringBuilder();
    while (!take('"')) {
      char c = next();
      if (c < ' ') {
        throw malformed("control character in a string");
      }
      result.append(c == '\\' ? escape() : c);
    }
    return result.toString();
  }

  private char escape() throws MalformedException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed("unknown escape");
    };
  }

  private char unicode() throws MalformedException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw malformed("no hexadecimal digit");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private Object number() throws MalformedException {
    int from = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(from, at);
    if (!NUMBER.matcher(digits).matches()) {
      throw malformed("no value");
    }
    boolean whole = digits.length() <= LONG_DIGITS && digits.matches("-?[0-9]+");
    return whole ? (Object) Long.valueOf(digits) : (Object) Double.valueOf(digits);
  }

  private Object word(String word, Object value) throws MalformedException {
    if (!text.startsWith(word, at)) {
      throw malformed("no value");
    }
    at += word.length();
    return value;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws MalformedException {
    if (at == text.length()) {
      throw malformed("ends too early");
    }
    return text.charAt(at);
  }

  private char next() throws MalformedException {
    char c = peek();
    at++;
    return c;
  }

  private boolean take(char wanted) {
    boolean there = at < text.length() && text.charAt(at) == wanted;
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(char wanted) throws MalformedException {
    if (!take(wanted)) {
      throw malformed("no " + wanted);
    }
  }

  private MalformedException malformed(String what) {
    return new MalformedException(what, at);
  }
}
