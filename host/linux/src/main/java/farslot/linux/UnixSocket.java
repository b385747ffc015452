package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Stream sockets with a name in the file system (unix(7)). Non-blocking and close-on-exec. */
public final class UnixSocket {
  private static final int CREDENTIALS_BYTES = 12;

  private UnixSocket() {}

  /**
   * Listens on a path. A socket file that nobody listens on any more is replaced; one that is in
   * use, or a file that is no socket, is EADDRINUSE.
   */
  public static int listen(String path, int backlog) throws ErrnoException {
    removeStale(path);
    int fd = socket();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = SocketAddresses.unix(arena, path);
      int bytes = (int) address.byteSize();
      Fd.check(SocketCalls.bind(fd, address.address(), bytes), "bind(" + path + ")");
      Fd.check(SocketCalls.listen(fd, backlog), "listen(" + path + ")");
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Connects; a unix socket does so at once or fails (EAGAIN: its backlog is full). */
  public static int connect(String path) throws ErrnoException {
    int fd = socket();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = SocketAddresses.unix(arena, path);
      int bytes = (int) address.byteSize();
      Fd.check(SocketCalls.connect(fd, address.address(), bytes), "connect(" + path + ")");
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Two sockets joined to one another. */
  public static int[] pair() throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
      int type = Sockets.SOCK_STREAM | Sockets.SOCK_FLAGS;
      int result = SocketCalls.socketpair(SocketAddresses.AF_UNIX, type, 0, fds.address());
      Fd.check(result, "socketpair");
      return fds.toArray(ValueLayout.JAVA_INT);
    }
  }

  /**
   * Who connected (SO_PEERCRED).
   *
   * @param pid process at the time of the connect
   */
  public record Peer(int pid, int uid, int gid) {}

  /** Who is at the other end of a connection. */
  public static Peer peer(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment credentials =
          SocketOptions.get(
              arena, fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_PEERCRED, CREDENTIALS_BYTES);
      return new Peer(
          credentials.getAtIndex(ValueLayout.JAVA_INT, 0),
          credentials.getAtIndex(ValueLayout.JAVA_INT, 1),
          credentials.getAtIndex(ValueLayout.JAVA_INT, 2));
    }
  }

  private static int socket() throws ErrnoException {
    int type = Sockets.SOCK_STREAM | Sockets.SOCK_FLAGS;
    return Fd.check(SocketCalls.socket(SocketAddresses.AF_UNIX, type, 0), "socket(AF_UNIX)");
  }

  private static void removeStale(String path) throws ErrnoException {
    try {
      if (!FileStat.of(path).isSocket()) {
        throw new ErrnoException("bind(" + path + "), which is no socket", Errno.EADDRINUSE);
      }
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw e;
    }
    if (isServed(path)) {
      throw new ErrnoException("bind(" + path + "), where somebody listens", Errno.EADDRINUSE);
    }
    Fd.unlink(path);
  }

  private static boolean isServed(String path) throws ErrnoException {
    try {
      Fd.close(connect(path));
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ECONNREFUSED, Errno.ENOENT -> false;
        case Errno.EAGAIN -> true;
        default -> throw e;
      };
    }
  }
}
