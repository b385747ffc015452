package farslot.linux;

import java.lang.foreign.MemorySegment;

/** What unix and TCP sockets have in common. All of ours are non-blocking and close-on-exec. */
public final class Sockets {
  static final int SOCK_STREAM = 1;
  static final int SOCK_FLAGS = 0x800 | 0x80000;

  /** A peer that has gone is an errno, not a signal. */
  static final int MSG_NOSIGNAL = 0x4000;

  private static final int SHUT_WRITE = 1;

  private Sockets() {}

  /** The next connection of a listening socket, or {@link Fd#AGAIN}. */
  public static int accept(int listener) throws ErrnoException {
    while (true) {
      int result = SocketCalls.accept4(listener, SOCK_FLAGS);
      if (result >= 0) {
        return result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      // accept(2): errors of the new connection itself are those of a caller that has left.
      if (result != -Errno.EINTR && result != -Errno.ECONNABORTED && result != -Errno.EPROTO) {
        throw new ErrnoException("accept4(" + listener + ")", -result);
      }
    }
  }

  /** Sends up to {@code bytes}: how many, or {@link Fd#AGAIN}. */
  public static int send(int fd, MemorySegment from, long offset, int bytes) throws ErrnoException {
    long at = Calls.address(from, offset, bytes);
    while (true) {
      long result = SocketCalls.send(fd, at, bytes, MSG_NOSIGNAL);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw Fd.failed("send", fd, bytes, result);
      }
    }
  }

  /** Receives up to {@code bytes}: how many, {@link Fd#END} or {@link Fd#AGAIN}. */
  public static int receive(int fd, MemorySegment into, long offset, int bytes)
      throws ErrnoException {
    long at = Calls.address(into, offset, bytes);
    while (true) {
      long result = SocketCalls.recv(fd, at, bytes, 0);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw Fd.failed("recv", fd, bytes, result);
      }
    }
  }

  /** What became of a connect: 0, or an errno; reading it clears it (SO_ERROR). */
  public static int error(int fd) throws ErrnoException {
    return SocketOptions.get(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_ERROR);
  }

  /** Says that nothing more will be sent; receiving goes on. */
  public static void endWriting(int fd) throws ErrnoException {
    Fd.check(SocketCalls.shutdown(fd, SHUT_WRITE), "shutdown(" + fd + ", SHUT_WR)");
  }

  /** Asks for a send buffer; Linux doubles and limits it. */
  public static void sendBuffer(int fd, int bytes) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_SNDBUF, bytes);
  }

  /** Asks for a receive buffer; Linux doubles and limits it. */
  public static void receiveBuffer(int fd, int bytes) throws ErrnoException {
    SocketOptions.set(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUF, bytes);
  }

  /** As {@link #sendBuffer}, beyond Linux's limit where the process may (CAP_NET_ADMIN). */
  public static void largeSendBuffer(int fd, int bytes) throws ErrnoException {
    large(fd, SocketOptions.SO_SNDBUFFORCE, SocketOptions.SO_SNDBUF, bytes);
  }

  /** As {@link #receiveBuffer}, beyond Linux's limit where the process may (CAP_NET_ADMIN). */
  public static void largeReceiveBuffer(int fd, int bytes) throws ErrnoException {
    large(fd, SocketOptions.SO_RCVBUFFORCE, SocketOptions.SO_RCVBUF, bytes);
  }

  private static void large(int fd, int force, int ask, int bytes) throws ErrnoException {
    try {
      SocketOptions.set(fd, SocketOptions.SOL_SOCKET, force, bytes);
    } catch (ErrnoException e) {
      SocketOptions.set(fd, SocketOptions.SOL_SOCKET, ask, bytes);
    }
  }
}
