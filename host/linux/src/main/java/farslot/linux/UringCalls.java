package farslot.linux;

import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The three calls of io_uring(7), which the C library has no functions for; negative results are
 * {@code -errno}. Their numbers are the same on x86-64 and aarch64.
 */
final class UringCalls {
  private static final long SETUP = 425;
  private static final long ENTER = 426;
  private static final long REGISTER = 427;

  private static final MethodHandle SYSCALL =
      Calls.variadic("syscall", 1, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);

  private UringCalls() {}

  static int setup(int entries, long parameters) {
    return syscall(SETUP, entries, parameters, 0, 0);
  }

  static int enter(int fd, int submit, int completeMin, int flags) {
    return syscall(ENTER, fd, submit, completeMin, flags);
  }

  static int register(int fd, int what, long argument, int count) {
    return syscall(REGISTER, fd, what, argument, count);
  }

  private static int syscall(long number, long a, long b, long c, long d) {
    MemorySegment state = Calls.state();
    try {
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, 0L, 0L);
      return (int) Calls.result(state, result);
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
