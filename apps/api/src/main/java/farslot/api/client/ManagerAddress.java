package farslot.api.client;

/**
 * Where a manager's API listens: {@code HOST}, {@code HOST:PORT}, {@code [ADDRESS]:PORT}.
 *
 * @param host a DNS name or an IP address, without brackets
 */
public record ManagerAddress(String host, int port) {
  /** Of the API, unless an address says otherwise. */
  public static final int PORT = 7590;

  private static final int PORT_MAX = 65_535;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public static ManagerAddress of(String text) {
    String rest = text.strip();
    if (rest.startsWith("[")) {
      int end = rest.indexOf(']');
      if (end > 1) {
        return new ManagerAddress(
            rest.substring(1, end), end + 1 == rest.length() ? PORT : port(text, rest, end + 1));
      }
      throw wrong(text);
    }
    int colon = rest.indexOf(':');
    if (colon != rest.lastIndexOf(':')) {
      return new ManagerAddress(rest, PORT); // IPv6 without brackets.
    }
    if (rest.isEmpty() || colon == 0 || rest.contains("/") || rest.contains(" ")) {
      throw wrong(text);
    }
    return colon < 0
        ? new ManagerAddress(rest, PORT)
        : new ManagerAddress(rest.substring(0, colon), port(text, rest, colon));
  }

  private static int port(String text, String rest, int colon) {
    if (rest.charAt(colon) == ':' && rest.substring(colon + 1).matches("\\d{1,5}")) {
      int port = Integer.parseInt(rest.substring(colon + 1));
      if (port > 0 && port <= PORT_MAX) {
        return port;
      }
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no address of a manager: HOST, HOST:PORT or [ADDRESS]:PORT");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
