package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/** UDP sockets, as descriptors: non-blocking, close-on-exec (udp(7)). */
public final class UdpSocket {
  private static final int SOCK_DGRAM = 2;

  /** As SO_RCVBUF, beyond what others may ask for (net.core.rmem_max); for CAP_NET_ADMIN only. */
  private static final int SO_RCVBUFFORCE = 33;

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

  /**
   * Asks for room for bursts: Linux counts some 800 bytes for a small datagram, and drops what
   * finds no room. Without privileges {@code net.core.rmem_max} is the bound.
   */
  public static void receiveBuffer(int fd, int bytes) throws ErrnoException {
    try {
      SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SO_RCVBUFFORCE, bytes);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUF, bytes);
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
