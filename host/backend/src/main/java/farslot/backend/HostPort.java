package farslot.backend;

/**
 * A host, by name or address, and a TCP port: {@code bbs.example.org:23}, {@code [2001:db8::1]:23}.
 *
 * @param host without brackets; empty for this machine's every address
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {
  /** As DNS has it, and long enough for any address. */
  private static final int HOST_CHARACTERS_MAX = 253;

  private static final int PORT_MAX = 65_535;

  /** Reads one; null if it is none. */
  static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return null;
    }
    String host = text.substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    if (brackets) {
      host = host.substring(1, host.length() - 1);
    }
    boolean v6 = host.indexOf(':') >= 0;
    if (v6 != brackets
        || host.length() > HOST_CHARACTERS_MAX
        || !host.chars().allMatch(c -> c > ' ' && c != '[' && c != ']')) {
      return null;
    }
    String digits = text.substring(colon + 1);
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    int port = Integer.parseInt(digits);
    return port > PORT_MAX ? null : new HostPort(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
