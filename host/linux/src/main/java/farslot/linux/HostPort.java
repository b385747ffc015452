package farslot.linux;

import java.util.Optional;

/**
 * A host, by name or address, and a TCP port: {@code bbs.example.org:23}, {@code [2001:db8::1]:23}.
 *
 * @param host without brackets; empty for this machine's every address
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65_535;
  private static final int PORT_DIGITS_MAX = 5;

  /** As DNS has it, and long enough for any address. */
  private static final int HOST_CHARACTERS_MAX = 253;

  private static final int NONE = -1;

  /** Reads one whose port is written; empty if it is none. */
  public static Optional<HostPort> parse(String text) {
    return parse(text, NONE);
  }

  /**
   * Reads one that may have no port; an IPv6 address without one needs no brackets either.
   *
   * @param port for what has none, 0 to 65535
   * @return empty if it is none
   */
  public static Optional<HostPort> parse(String text, int port) {
    int colon = text.lastIndexOf(':');
    boolean bareV6 = text.indexOf(']') < 0 && colon != text.indexOf(':');
    boolean hasPort = !bareV6 && colon > text.lastIndexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    boolean brackets = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    if (brackets) {
      host = host.substring(1, host.length() - 1);
    }
    boolean v6 = host.indexOf(':') >= 0;
    int at = hasPort ? number(text.substring(colon + 1)) : port;
    return at < 0 || v6 != (brackets || bareV6) || !plausible(host)
        ? Optional.empty()
        : Optional.of(new HostPort(host, at));
  }

  /** Whether it names one place: a port of one host. */
  public boolean canBeDialled() {
    return !host.isEmpty() && port != 0;
  }

  private static boolean plausible(String host) {
    return host.length() <= HOST_CHARACTERS_MAX
        && host.chars().allMatch(c -> c > ' ' && c != '[' && c != ']');
  }

  /** A port, or {@link #NONE}. */
  private static int number(String digits) {
    boolean wrong = digits.isEmpty() || digits.length() > PORT_DIGITS_MAX;
    if (wrong || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return NONE;
    }
    int port = Integer.parseInt(digits);
    return port > PORT_MAX ? NONE : port;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
