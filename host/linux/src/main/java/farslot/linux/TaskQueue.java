package farslot.linux;

import java.util.Arrays;

/**
 * Tasks from other threads, and the eventfd that wakes the loop when it sleeps. Two arrays change
 * places: producers fill one while the loop empties the other. The lock is held for a few
 * instructions, and for one system call when the loop has to be woken.
 */
final class TaskQueue implements AutoCloseable {
  /** More waiting tasks than this is a leak somewhere, not load. */
  static final int TASKS_MAX = 1 << 20;

  private final int wakeFd;
  private Runnable[] filling = new Runnable[64];
  private Runnable[] emptying = new Runnable[64];
  private volatile int count;
  private int taken;
  private boolean asleep;
  private boolean closed;

  TaskQueue() throws ErrnoException {
    wakeFd = EventFd.create();
  }

  /** What the loop's epoll watches. */
  int wakeFd() {
    return wakeFd;
  }

  /** From any thread; false when the loop has ended. */
  synchronized boolean add(Runnable task) {
    if (closed) {
      return false;
    }
    int at = count;
    if (at == filling.length) {
      if (at == TASKS_MAX) {
        throw new IllegalStateException(TASKS_MAX + " tasks are waiting");
      }
      filling = Arrays.copyOf(filling, at * 2);
    }
    filling[at] = task;
    count = at + 1;
    wake();
    return true;
  }

  /** Wakes the loop without a task. */
  synchronized void wake() {
    if (!asleep || closed) {
      return;
    }
    asleep = false;
    try {
      EventFd.signal(wakeFd);
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The loop is about to block; false if there is work. */
  synchronized boolean fallAsleep() {
    asleep = count == 0;
    return asleep;
  }

  /** The loop is back. */
  synchronized void wakeUp() {
    asleep = false;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** All tasks that were there; {@link #taken} says how many. The loop clears them. */
  synchronized Runnable[] take() {
    Runnable[] full = filling;
    filling = emptying;
    emptying = full;
    taken = count;
    count = 0;
    return full;
  }

  int taken() {
    return taken;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Fd.close(wakeFd);
    }
  }
}
