package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What a network interface was when it was asked (netdevice(7)), in the calling thread's network
 * namespace.
 *
 * @param index its number; another interface of the same name has another
 * @param mac its address
 * @param mtuBytes most that a packet carries behind its Ethernet header; a VLAN tag is not in it
 * @param ethernet whether it is an Ethernet interface
 * @param up whether it was switched on (IFF_UP)
 * @param running whether it has a carrier: a cable with something at its other end (IFF_RUNNING)
 */
public record NetInterface(
    String name,
    int index,
    MacAddress mac,
    int mtuBytes,
    boolean ethernet,
    boolean up,
    boolean running) {
  private static final int SIOCGIFFLAGS = 0x8913;
  private static final int SIOCSIFFLAGS = 0x8914;
  private static final int SIOCGIFMTU = 0x8921;
  private static final int SIOCSIFMTU = 0x8922;
  private static final int SIOCGIFHWADDR = 0x8927;
  private static final int SIOCGIFINDEX = 0x8933;

  /** struct ifreq: a name with its closing zero, and a union. */
  static final int NAME_BYTES = 16;

  static final int UNION_AT = NAME_BYTES;
  static final int REQUEST_BYTES = 40;

  /** In the union, a struct sockaddr: family, then the address. */
  private static final int MAC_AT = UNION_AT + 2;

  private static final int ARPHRD_ETHER = 1;
  private static final int IFF_UP = 0x1;
  private static final int IFF_RUNNING = 0x40;
  private static final int SOCK_DGRAM = 2;

  /**
   * Looks at one.
   *
   * @throws ErrnoException {@link Errno#ENODEV} when there is none of this name
   */
  public static NetInterface of(String name) throws ErrnoException {
    int fd = socket();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = request(arena, name);
      int index = ask(fd, SIOCGIFINDEX, request, name).get(ValueLayout.JAVA_INT, UNION_AT);
      int mtu = ask(fd, SIOCGIFMTU, request, name).get(ValueLayout.JAVA_INT, UNION_AT);
      short flags = ask(fd, SIOCGIFFLAGS, request, name).get(ValueLayout.JAVA_SHORT, UNION_AT);
      short kind = ask(fd, SIOCGIFHWADDR, request, name).get(ValueLayout.JAVA_SHORT, UNION_AT);
      return new NetInterface(
          name,
          index,
          MacAddress.read(request, MAC_AT),
          mtu,
          kind == ARPHRD_ETHER,
          (flags & IFF_UP) != 0,
          (flags & IFF_RUNNING) != 0);
    } finally {
      Fd.close(fd);
    }
  }

  /** Switches it on, as {@code ip link set NAME up} does. Needs CAP_NET_ADMIN. */
  public static void switchOn(String name) throws ErrnoException {
    int fd = socket();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = request(arena, name);
      short flags = ask(fd, SIOCGIFFLAGS, request, name).get(ValueLayout.JAVA_SHORT, UNION_AT);
      request.set(ValueLayout.JAVA_SHORT, UNION_AT, (short) (flags | IFF_UP));
      ask(fd, SIOCSIFFLAGS, request, name);
    } finally {
      Fd.close(fd);
    }
  }

  /** Sets its MTU, as {@code ip link set NAME mtu BYTES} does. Needs CAP_NET_ADMIN. */
  public static void mtu(String name, int mtuBytes) throws ErrnoException {
    int fd = socket();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = request(arena, name);
      request.set(ValueLayout.JAVA_INT, UNION_AT, mtuBytes);
      ask(fd, SIOCSIFMTU, request, name);
    } finally {
      Fd.close(fd);
    }
  }

  private static int socket() throws ErrnoException {
    int type = SOCK_DGRAM | Sockets.SOCK_FLAGS;
    return Fd.check(SocketCalls.socket(SocketAddresses.AF_UNIX, type, 0), "socket(AF_UNIX)");
  }

  private static MemorySegment request(Arena arena, String name) throws ErrnoException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length >= NAME_BYTES) {
      throw new ErrnoException("ioctl(" + name + ")", Errno.ENODEV);
    }
    MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);
    MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return request;
  }

  private static MemorySegment ask(int fd, int what, MemorySegment request, String name)
      throws ErrnoException {
    int result = PacketCalls.ioctl(fd, what, request.address());
    Fd.check(result, "ioctl(" + name + ", 0x" + Integer.toHexString(what) + ")");
    return request;
  }
}
