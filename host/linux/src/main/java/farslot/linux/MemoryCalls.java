package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw calls on memory and event descriptors; negative results are {@code -errno}. */
final class MemoryCalls {
  private static final MethodHandle MMAP =
      Calls.handle("mmap64", LONG, LONG, LONG, INT, INT, INT, LONG);
  private static final MethodHandle MUNMAP = Calls.handle("munmap", INT, LONG, LONG);
  private static final MethodHandle MEMFD_CREATE = Calls.handle("memfd_create", INT, LONG, INT);
  private static final MethodHandle EVENTFD = Calls.handle("eventfd", INT, INT, INT);
  private static final MethodHandle EVENTFD_WRITE = Calls.handle("eventfd_write", INT, INT, LONG);

  private MemoryCalls() {}

  /** Addresses of the upper half never occur in user space, so negative still means failure. */
  static long mmap(long bytes, int protection, int flags, int fd, long offset) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(
          state, (long) MMAP.invokeExact(state, 0L, bytes, protection, flags, fd, offset));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int munmap(long address, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) MUNMAP.invokeExact(state, address, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int memfdCreate(long name, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) MEMFD_CREATE.invokeExact(state, name, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int eventfd(int initial, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) EVENTFD.invokeExact(state, initial, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int eventfdWrite(int fd, long value) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) EVENTFD_WRITE.invokeExact(state, fd, value));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
