package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw calls that wait; negative results are {@code -errno}. */
final class PollCalls {
  private static final MethodHandle CREATE = Calls.handle("epoll_create1", INT, INT);
  private static final MethodHandle CTL = Calls.handle("epoll_ctl", INT, INT, INT, INT, LONG);
  private static final MethodHandle WAIT = Calls.handle("epoll_wait", INT, INT, LONG, INT, INT);

  /** Linux 5.11 and glibc 2.35; without it time-outs are rounded up to milliseconds. */
  private static final MethodHandle PWAIT2 =
      Calls.find("epoll_pwait2", INT, INT, LONG, INT, LONG, LONG).orElse(null);

  private static final MethodHandle POLL = Calls.handle("poll", INT, LONG, LONG, INT);

  private static final MethodHandle INOTIFY_INIT = Calls.handle("inotify_init1", INT, INT);
  private static final MethodHandle INOTIFY_ADD_WATCH =
      Calls.handle("inotify_add_watch", INT, INT, LONG, INT);

  private PollCalls() {}

  static int epollCreate(int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) CREATE.invokeExact(state, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int epollCtl(int epoll, int operation, int fd, long event) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) CTL.invokeExact(state, epoll, operation, fd, event));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int epollWait(int epoll, long events, int eventsMax, int timeoutMs) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(
          state, (int) WAIT.invokeExact(state, epoll, events, eventsMax, timeoutMs));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  /** {@code -ENOSYS} when kernel or library lack it. */
  static int epollPwait2(int epoll, long events, int eventsMax, long timespec) {
    if (PWAIT2 == null) {
      return -Errno.ENOSYS;
    }
    MemorySegment state = Calls.state();
    try {
      return Calls.result(
          state, (int) PWAIT2.invokeExact(state, epoll, events, eventsMax, timespec, 0L));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int poll(long descriptors, long count, int timeoutMs) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) POLL.invokeExact(state, descriptors, count, timeoutMs));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int inotifyInit(int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) INOTIFY_INIT.invokeExact(state, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int inotifyAddWatch(int fd, long path, int mask) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) INOTIFY_ADD_WATCH.invokeExact(state, fd, path, mask));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
