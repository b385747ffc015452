package farslot.carrier;

import java.net.InetSocketAddress;

/** Socket addresses for people. */
final class TcpNames {
  private TcpNames() {}

  /** {@code 10.0.0.2:7580} or {@code [fe80::1]:7580}. */
  static String of(InetSocketAddress address) {
    return new TcpAddress(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
