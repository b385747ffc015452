package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Bytes with descriptors attached (SCM_RIGHTS, unix(7)). One per thread, reused for all its
 * sockets; allocates nothing per message. Received descriptors are close-on-exec and belong to the
 * caller, who takes them with {@link #takeFds} or drops them with {@link #closeFds}.
 */
public final class UnixMessage {
  /** Most descriptors of one message; a sender that attaches more has the rest dropped. */
  public static final int FDS_MAX = 64;

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CTRUNC = 8;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  /** struct msghdr of 64-bit machines. */
  private static final int HEADER_BYTES = 56;

  private static final int VECTOR_AT = 16;
  private static final int VECTORS_AT = 24;
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_BYTES_AT = 40;
  private static final int FLAGS_AT = 48;
  private static final int IOVEC_BYTES = 16;

  /** struct cmsghdr: length, level, type, then the descriptors. */
  private static final int CMSG_LEVEL_AT = 8;

  private static final int CMSG_TYPE_AT = 12;
  private static final int CMSG_DATA_AT = 16;
  private static final int CONTROL_BYTES = CMSG_DATA_AT + FDS_MAX * Integer.BYTES;

  private final MemorySegment header;
  private final MemorySegment vector;
  private final MemorySegment control;
  private final int[] fds = new int[FDS_MAX];
  private int fdCount;
  private boolean truncated;

  public UnixMessage() {
    Arena arena = Arena.ofAuto();
    header = arena.allocate(HEADER_BYTES, Long.BYTES);
    vector = arena.allocate(IOVEC_BYTES, Long.BYTES);
    control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    header.set(ValueLayout.JAVA_LONG, VECTOR_AT, vector.address());
    header.set(ValueLayout.JAVA_LONG, VECTORS_AT, 1);
  }

  /**
   * Sends up to {@code bytes} with descriptors attached to the first: how many bytes went, or
   * {@link Fd#AGAIN}. Once one byte went, so did the descriptors. They stay open here.
   */
  public int send(int socket, MemorySegment from, long offset, int bytes, int[] attach, int count)
      throws ErrnoException {
    if (count > FDS_MAX) {
      throw new IllegalArgumentException(count + " descriptors");
    }
    point(from, offset, bytes);
    attach(attach, count);
    while (true) {
      long result = SocketCalls.sendmsg(socket, header.address(), Sockets.MSG_NOSIGNAL);
      if (result >= 0) {
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw Fd.failed("sendmsg", socket, bytes, result);
      }
    }
  }

  /**
   * Receives up to {@code bytes}: how many, {@link Fd#END} or {@link Fd#AGAIN}. Descriptors of the
   * receive before that nobody took are closed.
   *
   * <p>Descriptors form a barrier (unix(7), "Ancillary messages"): one receive may return bytes
   * sent before them, but none sent after the call that carried them. So they belong to whatever
   * the last byte read is part of.
   */
  public int receive(int socket, MemorySegment into, long offset, int bytes) throws ErrnoException {
    closeFds();
    point(into, offset, bytes);
    while (true) {
      header.set(ValueLayout.JAVA_LONG, CONTROL_AT, control.address());
      header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT, CONTROL_BYTES);
      header.set(ValueLayout.JAVA_INT, FLAGS_AT, 0);
      long result = SocketCalls.recvmsg(socket, header.address(), MSG_CMSG_CLOEXEC);
      if (result >= 0) {
        collectFds();
        return (int) result;
      }
      if (result == -Errno.EAGAIN) {
        return Fd.AGAIN;
      }
      if (result != -Errno.EINTR) {
        throw Fd.failed("recvmsg", socket, bytes, result);
      }
    }
  }

  /** Descriptors that came with the last receive and were not taken. */
  public int fdCount() {
    return fdCount;
  }

  /** Whether the sender attached more than {@link #FDS_MAX}, or more than we may open. */
  public boolean truncated() {
    return truncated;
  }

  /** Moves the descriptors to the caller: they are his to close. Returns how many. */
  public int takeFds(int[] into, int at) {
    int taken = fdCount;
    System.arraycopy(fds, 0, into, at, taken);
    fdCount = 0;
    return taken;
  }

  /** Closes what was not taken. */
  public void closeFds() {
    Fd.closeAll(fds, fdCount);
    fdCount = 0;
  }

  private void point(MemorySegment segment, long offset, int bytes) {
    vector.set(ValueLayout.JAVA_LONG, 0, Calls.address(segment, offset, bytes));
    vector.set(ValueLayout.JAVA_LONG, Long.BYTES, bytes);
  }

  private void attach(int[] attach, int count) {
    long bytes = CMSG_DATA_AT + (long) count * Integer.BYTES;
    control.set(ValueLayout.JAVA_LONG, 0, bytes);
    control.set(ValueLayout.JAVA_INT, CMSG_LEVEL_AT, SOL_SOCKET);
    control.set(ValueLayout.JAVA_INT, CMSG_TYPE_AT, SCM_RIGHTS);
    for (int i = 0; i < count; i++) {
      control.set(ValueLayout.JAVA_INT, CMSG_DATA_AT + (long) i * Integer.BYTES, attach[i]);
    }
    header.set(ValueLayout.JAVA_LONG, CONTROL_AT, count == 0 ? 0 : control.address());
    header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT, count == 0 ? 0 : align(bytes));
    header.set(ValueLayout.JAVA_INT, FLAGS_AT, 0);
  }

  private void collectFds() {
    truncated = (header.get(ValueLayout.JAVA_INT, FLAGS_AT) & MSG_CTRUNC) != 0;
    long end = header.get(ValueLayout.JAVA_LONG, CONTROL_BYTES_AT);
    for (long at = 0; at + CMSG_DATA_AT <= end; ) {
      long bytes = control.get(ValueLayout.JAVA_LONG, at);
      if (control.get(ValueLayout.JAVA_INT, at + CMSG_LEVEL_AT) == SOL_SOCKET
          && control.get(ValueLayout.JAVA_INT, at + CMSG_TYPE_AT) == SCM_RIGHTS) {
        collect(at + CMSG_DATA_AT, (int) ((bytes - CMSG_DATA_AT) / Integer.BYTES));
      }
      at += Math.max(CMSG_DATA_AT, align(bytes));
    }
  }

  private void collect(long at, int count) {
    for (int i = 0; i < count; i++) {
      fds[fdCount++] = control.get(ValueLayout.JAVA_INT, at + (long) i * Integer.BYTES);
    }
  }

  private static long align(long bytes) {
    return bytes + Long.BYTES - 1 & -Long.BYTES;
  }
}
