package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw calls on descriptors and files; negative results are {@code -errno}. */
final class FileCalls {
  private static final MethodHandle CLOSE = Calls.handle("close", INT, INT);
  private static final MethodHandle FCNTL = Calls.variadic("fcntl", 2, INT, INT, INT, INT);
  private static final MethodHandle OPEN = Calls.variadic("open", 2, INT, LONG, INT, INT);
  private static final MethodHandle READ = Calls.handle("read", LONG, INT, LONG, LONG);
  private static final MethodHandle WRITE = Calls.handle("write", LONG, INT, LONG, LONG);
  private static final MethodHandle FDATASYNC = Calls.handle("fdatasync", INT, INT);
  private static final MethodHandle FTRUNCATE = Calls.handle("ftruncate64", INT, INT, LONG);
  private static final MethodHandle FALLOCATE =
      Calls.handle("fallocate64", INT, INT, INT, LONG, LONG);
  private static final MethodHandle UNLINK = Calls.handle("unlink", INT, LONG);
  private static final MethodHandle STATX = Calls.handle("statx", INT, INT, LONG, INT, INT, LONG);

  private FileCalls() {}

  static int close(int fd) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) CLOSE.invokeExact(state, fd));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int fcntl(int fd, int command, int argument) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) FCNTL.invokeExact(state, fd, command, argument));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int open(long path, int flags, int mode) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) OPEN.invokeExact(state, path, flags, mode));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long read(int fd, long at, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) READ.invokeExact(state, fd, at, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long write(int fd, long at, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) WRITE.invokeExact(state, fd, at, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int fdatasync(int fd) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) FDATASYNC.invokeExact(state, fd));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int ftruncate(int fd, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) FTRUNCATE.invokeExact(state, fd, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int fallocate(int fd, int mode, long position, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) FALLOCATE.invokeExact(state, fd, mode, position, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int unlink(long path) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) UNLINK.invokeExact(state, path));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int statx(int directory, long path, int flags, int mask, long result) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(
          state, (int) STATX.invokeExact(state, directory, path, flags, mask, result));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
