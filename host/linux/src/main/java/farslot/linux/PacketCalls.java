package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw calls that only packet sockets need; negative results are {@code -errno}. */
final class PacketCalls {
  private static final MethodHandle SENDMMSG = Calls.handle("sendmmsg", INT, INT, LONG, INT, INT);
  private static final MethodHandle RECVMMSG =
      Calls.handle("recvmmsg", INT, INT, LONG, INT, INT, LONG);
  private static final MethodHandle IOCTL = Calls.variadic("ioctl", 2, INT, INT, LONG, LONG);

  private PacketCalls() {}

  /** How many messages went. */
  static int sendmmsg(int fd, long messages, int count, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) SENDMMSG.invokeExact(state, fd, messages, count, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  /** How many messages came; without a time limit, for sockets that do not wait. */
  static int recvmmsg(int fd, long messages, int count, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) RECVMMSG.invokeExact(state, fd, messages, count, flags, 0L));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int ioctl(int fd, long request, long argument) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) IOCTL.invokeExact(state, fd, request, argument));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
