package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/**
 * TCP over IPv4 and IPv6 (tcp(7)). Sockets are non-blocking and close-on-exec; names are resolved
 * beforehand, by {@link java.net.InetAddress}, because that blocks.
 */
public final class TcpSocket {
  private TcpSocket() {}

  /** Listens; port 0 lets Linux choose ({@link #localAddress} tells). */
  public static int listen(InetSocketAddress address, int backlog) throws ErrnoException {
    int fd = socket(address);
    try (Arena arena = Arena.ofConfined()) {
      SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
      MemorySegment to = SocketAddresses.inet(arena, address);
      Fd.check(SocketCalls.bind(fd, to.address(), (int) to.byteSize()), "bind(" + address + ")");
      Fd.check(SocketCalls.listen(fd, backlog), "listen(" + address + ")");
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /**
   * Begins to connect. The descriptor becomes writable when the outcome is known; {@link
   * Sockets#error} then says it.
   */
  public static int connect(InetSocketAddress address) throws ErrnoException {
    return connect(address, null);
  }

  /**
   * As {@link #connect(InetSocketAddress)}, from an address of this machine and, when its port is
   * 0, a port that Linux chooses.
   *
   * @param from of the same family; null to let Linux choose
   */
  public static int connect(InetSocketAddress address, InetSocketAddress from)
      throws ErrnoException {
    int fd = socket(address);
    try (Arena arena = Arena.ofConfined()) {
      if (from != null) {
        MemorySegment at = SocketAddresses.inet(arena, from);
        Fd.check(SocketCalls.bind(fd, at.address(), (int) at.byteSize()), "bind(" + from + ")");
      }
      MemorySegment to = SocketAddresses.inet(arena, address);
      int result = SocketCalls.connect(fd, to.address(), (int) to.byteSize());
      if (result != -Errno.EINPROGRESS && result != -Errno.EINTR) {
        Fd.check(result, "connect(" + address + ")");
      }
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /**
   * Takes no more than about so many bytes that have not been sent yet, whatever the send buffer
   * could hold; -1 for no such limit.
   */
  public static void unsentBytesMax(int fd, int bytes) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NOTSENT_LOWAT, bytes);
  }

  public static InetSocketAddress localAddress(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SocketAddresses.BYTES_MAX, Long.BYTES);
      MemorySegment bytes = length(arena);
      int result = SocketCalls.getsockname(fd, address.address(), bytes.address());
      Fd.check(result, "getsockname(" + fd + ")");
      return SocketAddresses.inet(address);
    }
  }

  /** ENOTCONN (107) when nobody is there any more. */
  public static InetSocketAddress peerAddress(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SocketAddresses.BYTES_MAX, Long.BYTES);
      MemorySegment bytes = length(arena);
      int result = SocketCalls.getpeername(fd, address.address(), bytes.address());
      Fd.check(result, "getpeername(" + fd + ")");
      return SocketAddresses.inet(address);
    }
  }

  /** Sends small segments at once (TCP_NODELAY). */
  public static void noDelay(int fd) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
  }

  /** Lets Linux probe a silent peer: after {@code idleS}, every {@code intervalS}, so often. */
  public static void keepAlive(int fd, int idleS, int intervalS, int probes) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_KEEPALIVE, 1);
    SocketOptions.set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_KEEPIDLE, idleS);
    SocketOptions.set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_KEEPINTVL, intervalS);
    SocketOptions.set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_KEEPCNT, probes);
  }

  /** Gives a connection up when sent data stay unacknowledged that long (TCP_USER_TIMEOUT). */
  public static void userTimeout(int fd, int timeoutMs) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_USER_TIMEOUT, timeoutMs);
  }

  private static int socket(InetSocketAddress address) throws ErrnoException {
    int family = SocketAddresses.family(address);
    int type = Sockets.SOCK_STREAM | Sockets.SOCK_FLAGS;
    return Fd.check(SocketCalls.socket(family, type, 0), "socket(" + address + ")");
  }

  private static MemorySegment length(Arena arena) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddresses.BYTES_MAX);
  }
}
