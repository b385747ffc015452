package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Java's addresses as {@code sockaddr}s and back. */
final class SocketAddresses {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /** struct sockaddr_storage. */
  static final int BYTES_MAX = 128;

  /** Longest path of a unix socket, without the closing zero. */
  static final int PATH_BYTES_MAX = 107;

  private static final int UNIX_BYTES = 110;
  private static final int INET_BYTES = 16;
  private static final int INET6_BYTES = 28;
  private static final int PORT_AT = 2;
  private static final int INET_ADDRESS_AT = 4;
  private static final int INET6_ADDRESS_AT = 8;
  private static final int INET6_SCOPE_AT = 24;
  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddresses() {}

  static MemorySegment unix(Arena arena, String path) throws ErrnoException {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > PATH_BYTES_MAX) {
      throw new ErrnoException("sockaddr_un(" + path + ")", Errno.ENAMETOOLONG);
    }
    MemorySegment address = arena.allocate(UNIX_BYTES, Long.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, PORT_AT, bytes.length);
    return address;
  }

  static int family(InetSocketAddress address) {
    return resolved(address) instanceof Inet4Address ? AF_INET : AF_INET6;
  }

  static MemorySegment inet(Arena arena, InetSocketAddress from) {
    InetAddress host = resolved(from);
    byte[] bytes = host.getAddress();
    boolean four = host instanceof Inet4Address;
    MemorySegment address = arena.allocate(four ? INET_BYTES : INET6_BYTES, Long.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) (four ? AF_INET : AF_INET6));
    address.set(NETWORK_SHORT, PORT_AT, (short) from.getPort());
    int at = four ? INET_ADDRESS_AT : INET6_ADDRESS_AT;
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, at, bytes.length);
    if (host instanceof Inet6Address six) {
      address.set(ValueLayout.JAVA_INT, INET6_SCOPE_AT, six.getScopeId());
    }
    return address;
  }

  static InetSocketAddress inet(MemorySegment address) {
    boolean four = address.get(ValueLayout.JAVA_SHORT, 0) == AF_INET;
    byte[] bytes = new byte[four ? 4 : 16];
    int at = four ? INET_ADDRESS_AT : INET6_ADDRESS_AT;
    MemorySegment.copy(address, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
    int port = Short.toUnsignedInt(address.get(NETWORK_SHORT, PORT_AT));
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** How much of it an IPv4 or IPv6 address takes. */
  static int length(MemorySegment address) {
    return address.get(ValueLayout.JAVA_SHORT, 0) == AF_INET ? INET_BYTES : INET6_BYTES;
  }

  /** Whether a raw IPv4 or IPv6 address is this host's, whatever the port. Allocates nothing. */
  static boolean sameHost(MemorySegment address, MemorySegment host) {
    int family = address.get(ValueLayout.JAVA_SHORT, 0);
    if (family != host.get(ValueLayout.JAVA_SHORT, 0)) {
      return false;
    }
    int at = family == AF_INET ? INET_ADDRESS_AT : INET6_ADDRESS_AT;
    int bytes = family == AF_INET ? 4 : 16;
    return MemorySegment.mismatch(address, at, at + bytes, host, at, at + bytes) < 0;
  }

  private static InetAddress resolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("unresolved: " + address);
    }
    return address.getAddress();
  }
}
