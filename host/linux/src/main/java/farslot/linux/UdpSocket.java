package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/** UDP sockets, as descriptors: non-blocking, close-on-exec (udp(7)). */
public final class UdpSocket {
  private static final int SOCK_DGRAM = 2;

  private UdpSocket() {}

  /** A socket bound to an address; every datagram that it receives is stamped with its time. */
  public static int bind(InetSocketAddress local) throws ErrnoException {
    int family = SocketAddresses.family(local);
    int type = SOCK_DGRAM | Sockets.SOCK_FLAGS;
    int fd = Fd.check(SocketCalls.socket(family, type, 0), "socket(" + local + ")");
    try (Arena arena = Arena.ofConfined()) {
      SocketOptions.set(fd, SocketOptions.SOL_SOCKET, Datagram.SO_TIMESTAMPNS, 1);
      MemorySegment address = SocketAddresses.inet(arena, local);
      Fd.check(
          SocketCalls.bind(fd, address.address(), (int) address.byteSize()), "bind(" + local + ")");
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** From now on it exchanges datagrams with this address and port only: Linux drops all others. */
  public static void connect(int fd, InetSocketAddress remote) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = SocketAddresses.inet(arena, remote);
      Fd.check(
          SocketCalls.connect(fd, address.address(), (int) address.byteSize()),
          "connect(" + remote + ")");
    }
  }
}
