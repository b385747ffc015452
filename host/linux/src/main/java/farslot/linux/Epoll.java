package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waiting for many descriptors (epoll(7)), level-triggered. Each carries a tag that comes back with
 * its events. On one thread; allocates nothing per wait.
 */
public final class Epoll implements AutoCloseable {
  /** EPOLLIN. */
  public static final int READ = 1;

  /** EPOLLOUT. */
  public static final int WRITE = 4;

  /** EPOLLERR, told without being asked for. */
  public static final int ERROR = 8;

  /** EPOLLHUP, told without being asked for. */
  public static final int HANG_UP = 16;

  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int MODIFY = 3;

  /** struct epoll_event is packed on x86-64 alone: u32 events, u64 data. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int TAG_AT = PACKED ? 4 : 8;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long NS_PER_S = 1_000_000_000L;
  private static final long NS_PER_MS = 1_000_000L;

  private final int fd;
  private final int eventsMax;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment change = arena.allocate(16, Long.BYTES);
  private final MemorySegment timespec = arena.allocate(16, Long.BYTES);
  private final MemorySegment events;
  private boolean hasPwait2 = true;

  /**
   * @param eventsMax most events of one {@link #await}
   */
  public Epoll(int eventsMax) throws ErrnoException {
    this.eventsMax = eventsMax;
    events = arena.allocate((long) eventsMax * EVENT_BYTES, Long.BYTES);
    fd = Fd.check(PollCalls.epollCreate(EPOLL_CLOEXEC), "epoll_create1");
  }

  /** Its own descriptor, readable while one of those that it watches is: so that epolls nest. */
  public int fd() {
    return fd;
  }

  /** Watches a descriptor for {@link #READ} and {@link #WRITE}. */
  public void add(int target, int interest, long tag) throws ErrnoException {
    control(ADD, target, interest, tag);
  }

  public void modify(int target, int interest, long tag) throws ErrnoException {
    control(MODIFY, target, interest, tag);
  }

  public void remove(int target) throws ErrnoException {
    control(DELETE, target, 0, 0);
  }

  /**
   * Waits for events: how many; 0 when the time is over or a signal came.
   *
   * @param timeoutNs 0 looks without waiting, negative waits without end
   */
  public int await(long timeoutNs) throws ErrnoException {
    int count = timeoutNs > 0 ? awaitNs(timeoutNs) : awaitMs(timeoutNs == 0 ? 0 : -1);
    if (count >= 0) {
      return count;
    }
    if (count == -Errno.EINTR) {
      return 0;
    }
    throw new ErrnoException("epoll_wait(" + fd + ")", -count);
  }

  /** The flags of an event of the last {@link #await}. */
  public int ready(int index) {
    return events.get(INT, (long) index * EVENT_BYTES);
  }

  /** The tag of an event of the last {@link #await}. */
  public long tag(int index) {
    return events.get(LONG, (long) index * EVENT_BYTES + TAG_AT);
  }

  @Override
  public void close() {
    Fd.close(fd);
  }

  private int awaitNs(long timeoutNs) {
    if (hasPwait2) {
      timespec.set(ValueLayout.JAVA_LONG, 0, timeoutNs / NS_PER_S);
      timespec.set(ValueLayout.JAVA_LONG, Long.BYTES, timeoutNs % NS_PER_S);
      int count = PollCalls.epollPwait2(fd, events.address(), eventsMax, timespec.address());
      if (count != -Errno.ENOSYS) {
        return count;
      }
      hasPwait2 = false;
    }
    return awaitMs((int) Math.min(Integer.MAX_VALUE, (timeoutNs + NS_PER_MS - 1) / NS_PER_MS));
  }

  private int awaitMs(int timeoutMs) {
    return PollCalls.epollWait(fd, events.address(), eventsMax, timeoutMs);
  }

  private void control(int operation, int target, int interest, long tag) throws ErrnoException {
    change.set(INT, 0, interest);
    change.set(LONG, TAG_AT, tag);
    int result = PollCalls.epollCtl(fd, operation, target, change.address());
    Fd.check(result, "epoll_ctl(" + fd + ", " + operation + ", " + target + ")");
  }
}
