package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/**
 * One datagram received, with who sent it and when it arrived. One per thread, reused; allocates
 * nothing per datagram.
 */
public final class Datagram {
  /** An earlier datagram of ours found nobody at the peer's port, or no way there (icmp(7)). */
  public static final int REFUSED = -2;

  /** SO_TIMESTAMPNS, which is also its control message's type. */
  static final int SO_TIMESTAMPNS = 35;

  private static final int MSG_TRUNC = 0x20;

  /** struct msghdr of 64-bit machines. */
  private static final int HEADER_BYTES = 56;

  private static final int NAME_BYTES_AT = 8;
  private static final int VECTOR_AT = 16;
  private static final int VECTORS_AT = 24;
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_BYTES_AT = 40;
  private static final int IOVEC_BYTES = 16;

  /** struct cmsghdr: length, level, type, then a timespec. */
  private static final int CMSG_LEVEL_AT = 8;

  private static final int CMSG_TYPE_AT = 12;
  private static final int CMSG_DATA_AT = 16;
  private static final int CONTROL_BYTES = 64;
  private static final long NS_PER_S = 1_000_000_000L;

  private final MemorySegment header;
  private final MemorySegment vector;
  private final MemorySegment control;
  private final MemorySegment source;

  public Datagram() {
    Arena arena = Arena.ofAuto();
    header = arena.allocate(HEADER_BYTES, Long.BYTES);
    vector = arena.allocate(IOVEC_BYTES, Long.BYTES);
    control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    source = arena.allocate(SocketAddresses.BYTES_MAX, Long.BYTES);
    header.set(ValueLayout.JAVA_LONG, 0, source.address());
    header.set(ValueLayout.JAVA_LONG, VECTOR_AT, vector.address());
    header.set(ValueLayout.JAVA_LONG, VECTORS_AT, 1);
  }

  /**
   * Receives one: its length, which may be more than {@code bytes} (the rest is lost), {@link
   * Fd#AGAIN} or {@link #REFUSED}.
   */
  public int receive(int socket, MemorySegment into, long offset, int bytes) throws ErrnoException {
    vector.set(ValueLayout.JAVA_LONG, 0, Calls.address(into, offset, bytes));
    vector.set(ValueLayout.JAVA_LONG, Long.BYTES, bytes);
    while (true) {
      header.set(ValueLayout.JAVA_INT, NAME_BYTES_AT, SocketAddresses.BYTES_MAX);
      header.set(ValueLayout.JAVA_LONG, CONTROL_AT, control.address());
      header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT, CONTROL_BYTES);
      long result = SocketCalls.recvmsg(socket, header.address(), MSG_TRUNC);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      if (undelivered(result)) {
        return REFUSED;
      }
      if (result != -Errno.EINTR) {
        throw Fd.failed("recvmsg", socket, bytes, result);
      }
    }
  }

  private static boolean undelivered(long result) {
    return result == -Errno.ECONNREFUSED
        || result == -Errno.EHOSTUNREACH
        || result == -Errno.ENETUNREACH;
  }

  /** When the last one received had arrived, nanoseconds of the wall clock; 0 if unknown. */
  public long arrivedNs() {
    boolean stamped =
        header.get(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT) > CMSG_DATA_AT
            && control.get(ValueLayout.JAVA_INT, CMSG_LEVEL_AT) == SocketOptions.SOL_SOCKET
            && control.get(ValueLayout.JAVA_INT, CMSG_TYPE_AT) == SO_TIMESTAMPNS;
    return stamped
        ? control.get(ValueLayout.JAVA_LONG, CMSG_DATA_AT) * NS_PER_S
            + control.get(ValueLayout.JAVA_LONG, CMSG_DATA_AT + Long.BYTES)
        : 0;
  }

  /** Who sent the last one received, as raw {@code sockaddr}: to keep for {@link #send}. */
  public void source(MemorySegment into, long offset) {
    MemorySegment.copy(source, 0, into, offset, SocketAddresses.BYTES_MAX);
  }

  /** Whether the last one received came from this host, whatever the port. */
  public boolean cameFrom(MemorySegment host) {
    return SocketAddresses.sameHost(source, host);
  }

  /** A host's address as {@link #cameFrom} wants it. */
  public static MemorySegment address(InetSocketAddress host) {
    return SocketAddresses.inet(Arena.ofAuto(), host);
  }

  /** How long a raw {@code sockaddr} is, bytes. */
  public static int addressBytes() {
    return SocketAddresses.BYTES_MAX;
  }

  /**
   * Sends one to a raw address: its length, {@link Fd#AGAIN} or {@link #REFUSED}.
   *
   * @param to where {@link #source} has put an address
   */
  public int send(
      int socket, MemorySegment to, long toOffset, MemorySegment from, long offset, int bytes)
      throws ErrnoException {
    MemorySegment.copy(to, toOffset, source, 0, SocketAddresses.BYTES_MAX);
    header.set(ValueLayout.JAVA_INT, NAME_BYTES_AT, SocketAddresses.length(source));
    vector.set(ValueLayout.JAVA_LONG, 0, Calls.address(from, offset, bytes));
    vector.set(ValueLayout.JAVA_LONG, Long.BYTES, bytes);
    header.set(ValueLayout.JAVA_LONG, CONTROL_AT, 0);
    header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT, 0);
    while (true) {
      long result = SocketCalls.sendmsg(socket, header.address(), Sockets.MSG_NOSIGNAL);
      if (result != -Errno.EINTR) {
        return sent("sendmsg", socket, bytes, result);
      }
    }
  }

  /** Sends one to the peer that a socket is connected to: as {@link #send}. */
  public static int send(int socket, MemorySegment from, long offset, int bytes)
      throws ErrnoException {
    long at = Calls.address(from, offset, bytes);
    while (true) {
      long result = SocketCalls.send(socket, at, bytes, Sockets.MSG_NOSIGNAL);
      if (result != -Errno.EINTR) {
        return sent("send", socket, bytes, result);
      }
    }
  }

  /** A datagram that finds no room, or no way, now, is lost as one on the wire may be. */
  private static int sent(String call, int socket, int bytes, long result) throws ErrnoException {
    if (result >= 0) {
      return (int) result;
    }
    if (undelivered(result)) {
      return REFUSED;
    }
    return switch ((int) -result) {
      case Errno.EAGAIN, Errno.ENOBUFS, Errno.ENOMEM, Errno.EPERM, Errno.EMSGSIZE -> Fd.AGAIN;
      default -> throw Fd.failed(call, socket, bytes, result);
    };
  }
}
