package farslot.carrier;

import farslot.linux.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where to dial or listen: {@code host}, {@code host:port}, {@code [v6]:port}, a bare IPv6 address,
 * or {@code :port} for all of this machine's; with or without {@code tcp:} before it, and {@code
 * ?from=ADDRESS} behind it.
 *
 * @param host a name or an address, empty for all addresses
 * @param port 0 to 65535
 * @param from this machine's address to connect from, which decides the way that the rail takes
 *     where there are several; empty to let the system choose
 */
public record TcpAddress(String host, int port, String from) implements RailAddress {
  /** What such addresses may begin with. */
  public static final String SCHEME = "tcp:";

  /** Where appliances listen unless told otherwise. */
  public static final int PORT = 7580;

  /** From whatever address the system chooses. */
  public TcpAddress(String host, int port) {
    this(host, port, "");
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what is wrong, in words
   */
  public static TcpAddress parse(String text) {
    String path = AddressParameters.before(text);
    String place = path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
    if (place.isEmpty() || place.indexOf('/') >= 0) {
      throw wrong(text);
    }
    HostPort at = HostPort.parse(place, PORT).orElseThrow(() -> wrong(text));
    AddressParameters parameters = new AddressParameters(text, List.of("from"));
    return new TcpAddress(at.host(), at.port(), from(text, parameters.text("from", "")));
  }

  private static String from(String text, String address) {
    if (!address.isEmpty()) {
      try {
        InetAddress.ofLiteral(address);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + text + "': from=" + address + " is no IP address of this machine");
      }
    }
    return address;
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no address: write host, host:port or [v6]:port, or eth:INTERFACE");
  }

  /** A name other than {@code localhost} may mean anything by the time that it is asked for. */
  @Override
  public boolean isLoopback() {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** One of its socket addresses. */
  InetSocketAddress at(InetAddress address) {
    return new InetSocketAddress(address, port);
  }

  @Override
  public String toString() {
    HostPort place = new HostPort(host, port);
    return from.isEmpty() ? place.toString() : place + "?from=" + from;
  }
}
