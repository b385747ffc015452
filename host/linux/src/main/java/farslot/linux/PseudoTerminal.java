package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A new pseudo-terminal (pty(7)): our end of it, and the name by which other programs open theirs.
 *
 * @param fd ours, non-blocking and close-on-exec; while nobody has the other end open any more,
 *     reading is EIO and epoll tells of a hang-up again and again
 * @param path theirs, {@code /dev/pts/N}
 */
public record PseudoTerminal(int fd, String path) {
  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSPTLCK = 0x40045431L;

  // struct pollfd
  private static final int POLLFD_BYTES = 8;
  private static final int REVENTS_AT = 6;
  private static final int POLLHUP = 0x10;

  /** Makes one, raw. */
  public static PseudoTerminal open() throws ErrnoException {
    int fd = Terminal.open("/dev/ptmx");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      Fd.check(
          PacketCalls.ioctl(fd, TIOCSPTLCK, number.address()), "ioctl(" + fd + ", TIOCSPTLCK)");
      Fd.check(PacketCalls.ioctl(fd, TIOCGPTN, number.address()), "ioctl(" + fd + ", TIOCGPTN)");
      // Otherwise it would send back what it receives until somebody switches that off.
      Terminal.raw(fd, false);
      return new PseudoTerminal(fd, "/dev/pts/" + number.get(ValueLayout.JAVA_INT, 0));
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Whether somebody has the other end open; also before anybody ever had. */
  public boolean isOpen() throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      poll.set(ValueLayout.JAVA_INT, 0, fd);
      Fd.check(PollCalls.poll(poll.address(), 1, 0), "poll(" + fd + ")");
      return (poll.get(ValueLayout.JAVA_SHORT, REVENTS_AT) & POLLHUP) == 0;
    }
  }

  /** Throws away what was sent and not read at the other end: only that end can do so. */
  public void discard() throws ErrnoException {
    int other = Terminal.open(path);
    try {
      Terminal.discard(other);
    } finally {
      Fd.close(other);
    }
  }
}
