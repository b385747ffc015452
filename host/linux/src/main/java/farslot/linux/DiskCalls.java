package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw calls that only {@link DiskFile} makes; negative results are {@code -errno}. */
final class DiskCalls {
  private static final MethodHandle LSEEK = Calls.handle("lseek64", LONG, INT, LONG, INT);
  private static final MethodHandle FSYNC = Calls.handle("fsync", INT, INT);
  private static final MethodHandle LOCK = Calls.variadic("fcntl", 2, INT, INT, INT, LONG);
  private static final MethodHandle PREADV2 =
      Calls.handle("preadv64v2", LONG, INT, LONG, INT, LONG, INT);
  private static final MethodHandle PWRITEV2 =
      Calls.handle("pwritev64v2", LONG, INT, LONG, INT, LONG, INT);

  private static final MethodHandle FGETXATTR =
      Calls.handle("fgetxattr", LONG, INT, LONG, LONG, LONG);
  private static final MethodHandle FSETXATTR =
      Calls.handle("fsetxattr", INT, INT, LONG, LONG, LONG, INT);

  private DiskCalls() {}

  static long lseek(int fd, long offset, int whence) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) LSEEK.invokeExact(state, fd, offset, whence));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int fsync(int fd) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) FSYNC.invokeExact(state, fd));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int lock(int fd, int command, long flock) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) LOCK.invokeExact(state, fd, command, flock));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long preadv2(int fd, long iovec, long position, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) PREADV2.invokeExact(state, fd, iovec, 1, position, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long pwritev2(int fd, long iovec, long position, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) PWRITEV2.invokeExact(state, fd, iovec, 1, position, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long fgetxattr(int fd, long name, long value, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) FGETXATTR.invokeExact(state, fd, name, value, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int fsetxattr(int fd, long name, long value, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) FSETXATTR.invokeExact(state, fd, name, value, bytes, 0));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
