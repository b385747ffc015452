package farslot.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counters that wake whoever waits for them (eventfd(2)). */
public final class EventFd {
  private static final int EFD_FLAGS = 0x800 | 0x80000;
  private static final String LINK = "anon_inode:[eventfd]";
  private static final int POLLFD_BYTES = 8;
  private static final short POLLOUT = 4;

  /** What was read is of no interest, so all threads may read into the same place. */
  private static final MemorySegment DRAIN = Arena.global().allocate(ValueLayout.JAVA_LONG);

  private EventFd() {}

  /** A non-blocking one, at 0. */
  public static int create() throws ErrnoException {
    return Fd.check(MemoryCalls.eventfd(0, EFD_FLAGS), "eventfd");
  }

  /** Adds 1. A counter at its limit is left alone: whoever waits for it is awake anyway. */
  public static void signal(int fd) throws ErrnoException {
    int result;
    do {
      result = MemoryCalls.eventfdWrite(fd, 1);
    } while (result == -Errno.EINTR);
    if (result < 0 && result != -Errno.EAGAIN) {
      throw new ErrnoException("eventfd_write(" + fd + ")", -result);
    }
  }

  /**
   * {@link #signal} for a descriptor that somebody else made and that may block: looks first
   * whether there is room. Sharers of a descriptor could still fill it between look and write; only
   * the process that owns it could, and only to hurt itself and its neighbours on this loop.
   */
  public static void signalUnlessFull(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      poll.set(ValueLayout.JAVA_INT, 0, fd);
      poll.set(ValueLayout.JAVA_SHORT, 4, POLLOUT);
      if (PollCalls.poll(poll.address(), 1, 0) == 1) {
        signal(fd);
      }
    }
  }

  /** Back to 0; true if it was signalled. For non-blocking ones. */
  public static boolean drain(int fd) throws ErrnoException {
    return Fd.read(fd, DRAIN, 0, Long.BYTES) == Long.BYTES;
  }

  /** Whether a descriptor from somebody else is an eventfd, so that writing to it is harmless. */
  public static boolean isEventFd(int fd) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString().equals(LINK);
    } catch (IOException e) {
      return false;
    }
  }
}
