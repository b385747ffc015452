package farslot.carrier;

/**
 * Where a rail leads, or where an appliance listens for rails, as people write it:
 *
 * <pre>
 *   host:port  [v6]:port  host  tcp:host:port  ...?from=LOCAL-ADDRESS
 *   eth:IFACE  eth:IFACE/NODE-NAME  eth:IFACE/aa:bb:cc:dd:ee:ff  ...?vlan=100&amp;pcp=5&amp;port=1
 * </pre>
 *
 * {@code toString} gives a text that reads as the same address again.
 */
public sealed interface RailAddress permits TcpAddress, EthernetAddress {
  /** Whether it is reached from this machine only. */
  boolean isLoopback();

  /**
   * Reads an address to dial.
   *
   * @throws IllegalArgumentException with what is wrong and how it should look, in words
   */
  static RailAddress parse(String text) {
    RailAddress address = read(text);
    if (address instanceof TcpAddress tcp && tcp.host().isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' says no host to connect to");
    }
    return address;
  }

  /**
   * Reads an address to listen at: {@code host:port}, {@code :port}, {@code eth:IFACE}.
   *
   * @throws IllegalArgumentException with what is wrong and how it should look, in words
   */
  static RailAddress parseListen(String text) {
    RailAddress address = read(text);
    if (address instanceof TcpAddress tcp && !tcp.from().isEmpty()) {
      throw new IllegalArgumentException(
          "'" + text + "': 'from' is for connecting; write the address to listen at as the host");
    }
    if (address instanceof EthernetAddress ethernet
        && !(ethernet.peer() instanceof EthernetAddress.Anyone)) {
      throw new IllegalArgumentException(
          "'" + text + "': one listens at an interface, as in eth:" + ethernet.interfaceName());
    }
    return address;
  }

  private static RailAddress read(String text) {
    return text.startsWith(EthernetAddress.SCHEME)
        ? EthernetAddress.parse(text)
        : TcpAddress.parse(text);
  }
}
