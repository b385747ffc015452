package farslot.linux;

import java.util.Arrays;

/**
 * Who handles which descriptor. The tag in epoll's events holds a generation beside the descriptor:
 * an event that was already fetched for a descriptor that has been closed since, whose number may
 * be in use again, is recognised as stale.
 */
final class WatchTable {
  private EventLoop.Handler[] handlers = new EventLoop.Handler[64];
  private int[] interests = new int[64];
  private int[] generations = new int[64];

  boolean has(int fd) {
    return fd < handlers.length && handlers[fd] != null;
  }

  int interest(int fd) {
    return interests[fd];
  }

  void put(int fd, int interest, EventLoop.Handler handler) {
    if (fd >= handlers.length) {
      int length = Math.max(fd + 1, handlers.length * 2);
      handlers = Arrays.copyOf(handlers, length);
      interests = Arrays.copyOf(interests, length);
      generations = Arrays.copyOf(generations, length);
    }
    if (handlers[fd] == null) {
      generations[fd]++;
    }
    handlers[fd] = handler;
    interests[fd] = interest;
  }

  void remove(int fd) {
    handlers[fd] = null;
    interests[fd] = 0;
  }

  long tag(int fd) {
    return (long) generations[fd] << 32 | fd;
  }

  static int fd(long tag) {
    return (int) tag;
  }

  /** The handler, or null when the event is stale. */
  EventLoop.Handler handler(long tag) {
    int fd = fd(tag);
    return has(fd) && tag(fd) == tag ? handlers[fd] : null;
  }
}
