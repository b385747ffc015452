package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A name that one process at a time has in a network namespace (an abstract unix socket, unix(7)):
 * gone with the process, however that ends.
 */
public final class UnixClaim implements AutoCloseable {
  /** Abstract names begin with a zero byte. */
  private static final String ABSTRACT = "\0";

  private static final int SOCK_DGRAM = 2;

  private final int fd;

  private UnixClaim(int fd) {
    this.fd = fd;
  }

  /**
   * Takes a name.
   *
   * @throws ErrnoException {@link Errno#EADDRINUSE} when somebody has it
   */
  public static UnixClaim of(String name) throws ErrnoException {
    int type = SOCK_DGRAM | Sockets.SOCK_FLAGS;
    int fd = Fd.check(SocketCalls.socket(SocketAddresses.AF_UNIX, type, 0), "socket(AF_UNIX)");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = SocketAddresses.unix(arena, ABSTRACT + name);
      int result = SocketCalls.bind(fd, address.address(), (int) address.byteSize());
      Fd.check(result, "bind(@" + name + ")");
      return new UnixClaim(fd);
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Gives the name back. */
  @Override
  public void close() {
    Fd.close(fd);
  }
}
