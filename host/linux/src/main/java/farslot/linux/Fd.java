package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What every descriptor can do. Descriptors are plain {@code int}s, as epoll wants them; whoever
 * opened one closes it. Reading and writing never block when the descriptor does not: then the
 * answer is {@link #AGAIN}. Interrupted calls are repeated. Buffers are native segments of the
 * calling thread.
 */
public final class Fd {
  /** Nothing to read, or no room to write, now. */
  public static final int AGAIN = -1;

  /** The other side has closed. */
  public static final int END = 0;

  /** Flags of {@link #open}, as Linux numbers them. */
  public static final int READ_ONLY = 0;

  public static final int READ_WRITE = 2;
  public static final int CREATE = 0x40;
  public static final int EXCLUSIVE = 0x80;

  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;

  private Fd() {}

  /** Opens a file, close-on-exec; {@code mode} matters only with {@link #CREATE}. */
  public static int open(String path, int flags, int mode) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = FileCalls.open(arena.allocateFrom(path).address(), flags | O_CLOEXEC, mode);
      return check(fd, "open(" + path + ")");
    }
  }

  /** Closes; errors of close say nothing that could be acted upon and are dropped. */
  public static void close(int fd) {
    FileCalls.close(fd);
  }

  /** Closes the first {@code count} descriptors of an array. */
  public static void closeAll(int[] fds, int count) {
    for (int i = 0; i < count; i++) {
      FileCalls.close(fds[i]);
    }
  }

  /** A second descriptor of the same open file, close-on-exec. */
  public static int dup(int fd) throws ErrnoException {
    return check(FileCalls.fcntl(fd, F_DUPFD_CLOEXEC, 0), "fcntl(F_DUPFD_CLOEXEC, " + fd + ")");
  }

  /** Whether reads and writes return {@link #AGAIN} instead of waiting. */
  public static boolean isNonBlocking(int fd) throws ErrnoException {
    return (check(FileCalls.fcntl(fd, F_GETFL, 0), "fcntl(F_GETFL, " + fd + ")") & O_NONBLOCK) != 0;
  }

  /**
   * Makes reads and writes return {@link #AGAIN} instead of waiting, for all who share the file.
   */
  public static void nonBlocking(int fd) throws ErrnoException {
    int flags = check(FileCalls.fcntl(fd, F_GETFL, 0), "fcntl(F_GETFL, " + fd + ")");
    check(FileCalls.fcntl(fd, F_SETFL, flags | O_NONBLOCK), "fcntl(F_SETFL, " + fd + ")");
  }

  /** Reads up to {@code bytes}: how many, {@link #END} or {@link #AGAIN}. */
  public static int read(int fd, MemorySegment into, long offset, int bytes) throws ErrnoException {
    long at = Calls.address(into, offset, bytes);
    while (true) {
      long result = FileCalls.read(fd, at, bytes);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw failed("read", fd, bytes, result);
      }
    }
  }

  /** Writes up to {@code bytes}: how many, or {@link #AGAIN}. */
  public static int write(int fd, MemorySegment from, long offset, int bytes)
      throws ErrnoException {
    long at = Calls.address(from, offset, bytes);
    while (true) {
      long result = FileCalls.write(fd, at, bytes);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw failed("write", fd, bytes, result);
      }
    }
  }

  /** Sets a file's size. */
  public static void truncate(int fd, long bytes) throws ErrnoException {
    check(FileCalls.ftruncate(fd, bytes), "ftruncate(" + fd + ", " + bytes + ")");
  }

  /** Removes a name; false when there was none. */
  public static boolean unlink(String path) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      int result = FileCalls.unlink(arena.allocateFrom(path).address());
      if (result == -Errno.ENOENT) {
        return false;
      }
      check(result, "unlink(" + path + ")");
      return true;
    }
  }

  static int check(int result, String call) throws ErrnoException {
    if (result < 0) {
      throw new ErrnoException(call, -result);
    }
    return result;
  }

  static ErrnoException failed(String call, int fd, long bytes, long result) {
    return new ErrnoException(call + "(" + fd + ", " + bytes + ")", (int) -result);
  }
}
