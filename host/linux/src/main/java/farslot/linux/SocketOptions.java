package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** getsockopt and setsockopt of what we use (socket(7), tcp(7)). */
final class SocketOptions {
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_ERROR = 4;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_KEEPALIVE = 9;
  static final int SO_PRIORITY = 12;
  static final int SO_PEERCRED = 17;
  static final int SO_ATTACH_FILTER = 26;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final int TCP_KEEPIDLE = 4;
  static final int TCP_KEEPINTVL = 5;
  static final int TCP_KEEPCNT = 6;
  static final int TCP_USER_TIMEOUT = 18;
  static final int TCP_NOTSENT_LOWAT = 25;

  private SocketOptions() {}

  static void set(int fd, int level, int option, int value) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      int result = SocketCalls.setsockopt(fd, level, option, cell.address(), Integer.BYTES);
      Fd.check(result, "setsockopt(" + fd + ", " + level + ", " + option + ", " + value + ")");
    }
  }

  static int get(int fd, int level, int option) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      return get(arena, fd, level, option, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
    }
  }

  static MemorySegment get(Arena arena, int fd, int level, int option, int bytes)
      throws ErrnoException {
    MemorySegment value = arena.allocate(bytes, Integer.BYTES);
    MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, bytes);
    int result = SocketCalls.getsockopt(fd, level, option, value.address(), length.address());
    Fd.check(result, "getsockopt(" + fd + ", " + level + ", " + option + ")");
    return value;
  }
}
