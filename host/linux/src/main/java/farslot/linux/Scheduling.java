package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/**
 * What a thread may ask of the scheduler without privileges (sched_setattr(2), prctl(2)). All of it
 * is a wish: a kernel that does not know it leaves things as they are.
 */
final class Scheduling {
  /** SCHED_ATTR_SIZE_VER0. */
  private static final int ATTR_BYTES = 48;

  private static final int FLAGS_AT = 8;
  private static final int RUNTIME_AT = 24;
  private static final int PR_SET_TIMERSLACK = 29;

  private static final MethodHandle SYSCALL =
      Calls.variadic("syscall", 1, LONG, LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle PRCTL = Calls.variadic("prctl", 1, INT, INT, LONG);

  private Scheduling() {}

  /**
   * Asks for short turns on the processor for the calling thread, so that it gets one soon when
   * others use theirs up: since Linux 6.12 the scheduler prefers, of two that are owed time, the
   * one whose turns are shorter.
   *
   * @param sliceNs the kernel takes 100 us to 100 ms
   * @return 0, or the errno of the call that was refused; empty on machines whose numbers of system
   *     calls are not known here
   */
  static OptionalInt shortTurns(long sliceNs) {
    OptionalInt number = setAttrNumber();
    if (number.isEmpty()) {
      return number;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
      // Niceness stays as it is. sched_getattr follows sched_setattr in every table.
      long error = call(number.getAsInt() + 1, attr.address(), ATTR_BYTES, 0);
      if (error == 0) {
        attr.set(LONG, FLAGS_AT, 0);
        attr.set(LONG, RUNTIME_AT, sliceNs);
        error = call(number.getAsInt(), attr.address(), 0, 0);
      }
      return OptionalInt.of((int) -error);
    }
  }

  /** Asks for the calling thread's timers to fire that close to their time, nanoseconds. */
  static int timerSlack(long slackNs) {
    MemorySegment state = Calls.state();
    try {
      return -Calls.result(state, (int) PRCTL.invokeExact(state, PR_SET_TIMERSLACK, slackNs));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  private static OptionalInt setAttrNumber() {
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> OptionalInt.of(314);
      case "aarch64" -> OptionalInt.of(274);
      default -> OptionalInt.empty();
    };
  }

  private static long call(long number, long second, long third, long fourth) {
    MemorySegment state = Calls.state();
    try {
      long result = (long) SYSCALL.invokeExact(state, number, 0L, second, third, fourth);
      return Calls.result(state, result);
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
