package farslot.linux;

import static farslot.linux.Calls.INT;
import static farslot.linux.Calls.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Raw calls on sockets; negative results are {@code -errno}. */
final class SocketCalls {
  private static final MethodHandle SOCKET = Calls.handle("socket", INT, INT, INT, INT);
  private static final MethodHandle SOCKETPAIR =
      Calls.handle("socketpair", INT, INT, INT, INT, LONG);
  private static final MethodHandle BIND = Calls.handle("bind", INT, INT, LONG, INT);
  private static final MethodHandle LISTEN = Calls.handle("listen", INT, INT, INT);
  private static final MethodHandle ACCEPT4 = Calls.handle("accept4", INT, INT, LONG, LONG, INT);
  private static final MethodHandle CONNECT = Calls.handle("connect", INT, INT, LONG, INT);
  private static final MethodHandle SHUTDOWN = Calls.handle("shutdown", INT, INT, INT);
  private static final MethodHandle GETSOCKOPT =
      Calls.handle("getsockopt", INT, INT, INT, INT, LONG, LONG);
  private static final MethodHandle SETSOCKOPT =
      Calls.handle("setsockopt", INT, INT, INT, INT, LONG, INT);
  private static final MethodHandle GETSOCKNAME = Calls.handle("getsockname", INT, INT, LONG, LONG);
  private static final MethodHandle GETPEERNAME = Calls.handle("getpeername", INT, INT, LONG, LONG);
  private static final MethodHandle SEND = Calls.handle("send", LONG, INT, LONG, LONG, INT);
  private static final MethodHandle RECV = Calls.handle("recv", LONG, INT, LONG, LONG, INT);
  private static final MethodHandle SENDMSG = Calls.handle("sendmsg", LONG, INT, LONG, INT);
  private static final MethodHandle RECVMSG = Calls.handle("recvmsg", LONG, INT, LONG, INT);

  private SocketCalls() {}

  static int socket(int domain, int type, int protocol) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) SOCKET.invokeExact(state, domain, type, protocol));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int socketpair(int domain, int type, int protocol, long fds) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) SOCKETPAIR.invokeExact(state, domain, type, protocol, fds));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int bind(int fd, long address, int bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) BIND.invokeExact(state, fd, address, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int listen(int fd, int backlog) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) LISTEN.invokeExact(state, fd, backlog));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int accept4(int fd, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) ACCEPT4.invokeExact(state, fd, 0L, 0L, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int connect(int fd, long address, int bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) CONNECT.invokeExact(state, fd, address, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int shutdown(int fd, int how) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) SHUTDOWN.invokeExact(state, fd, how));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int getsockopt(int fd, int level, int name, long value, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(
          state, (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int setsockopt(int fd, int level, int name, long value, int bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(
          state, (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int getsockname(int fd, long address, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) GETSOCKNAME.invokeExact(state, fd, address, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static int getpeername(int fd, long address, long bytes) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (int) GETPEERNAME.invokeExact(state, fd, address, bytes));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long send(int fd, long at, long bytes, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) SEND.invokeExact(state, fd, at, bytes, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long recv(int fd, long at, long bytes, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) RECV.invokeExact(state, fd, at, bytes, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long sendmsg(int fd, long message, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) SENDMSG.invokeExact(state, fd, message, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }

  static long recvmsg(int fd, long message, int flags) {
    MemorySegment state = Calls.state();
    try {
      return Calls.result(state, (long) RECVMSG.invokeExact(state, fd, message, flags));
    } catch (Throwable e) {
      throw Calls.broken(e);
    }
  }
}
