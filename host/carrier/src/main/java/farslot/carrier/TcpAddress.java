package farslot.carrier;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where to dial or listen: {@code host}, {@code host:port}, {@code [v6]:port}, a bare IPv6 address,
 * or {@code :port} for all of this machine's.
 *
 * @param host a name or an address, empty for all addresses
 * @param port 0 to 65535
 */
public record TcpAddress(String host, int port) {
  /** Where appliances listen unless told otherwise. */
  public static final int PORT = 7580;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public static TcpAddress parse(String text) {
    int bracket = text.lastIndexOf(']');
    int colon = text.lastIndexOf(':');
    boolean bareV6 = bracket < 0 && colon != text.indexOf(':');
    if (text.startsWith("[") != bracket > 0 || bracket > 0 && tailWrong(text, bracket)) {
      throw wrong(text);
    }
    boolean hasPort = !bareV6 && colon > bracket;
    String host = hasPort ? text.substring(0, colon) : text;
    if (bracket > 0) {
      host = text.substring(1, bracket);
    }
    return new TcpAddress(host, hasPort ? port(text, text.substring(colon + 1)) : PORT);
  }

  private static boolean tailWrong(String text, int bracket) {
    return bracket + 1 < text.length() && text.charAt(bracket + 1) != ':';
  }

  private static int port(String text, String digits) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same advice.
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no address: write host, host:port or [v6]:port");
  }

  /** One of its socket addresses. */
  InetSocketAddress at(InetAddress address) {
    return new InetSocketAddress(address, port);
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
