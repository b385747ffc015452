package farslot.linux;

import java.util.Arrays;

/**
 * Armed timers by deadline, a binary heap. Arming, moving and cancelling allocate nothing once the
 * heap has grown. On the loop's thread only.
 */
final class TimerHeap {
  private Entry[] heap = new Entry[64];
  private int size;

  /** One timer, armed or not. */
  final class Entry implements EventLoop.Timer {
    private final Runnable task;
    private long deadlineNs;

    /** Where in the heap, or -1 when not armed. */
    private int index = -1;

    private Entry(Runnable task) {
      this.task = task;
    }

    @Override
    public void arm(long delayNs) {
      deadlineNs = System.nanoTime() + Math.max(0, delayNs);
      if (index < 0) {
        insert(this);
      } else {
        settle(index);
      }
    }

    @Override
    public void cancel() {
      if (index >= 0) {
        remove(index);
      }
    }

    Runnable task() {
      return task;
    }

    private boolean before(Entry other) {
      return deadlineNs - other.deadlineNs < 0;
    }
  }

  Entry entry(Runnable task) {
    return new Entry(task);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** How long until the first deadline, 0 if it has passed. Not when empty. */
  long delayNs(long nowNs) {
    return Math.max(0, heap[0].deadlineNs - nowNs);
  }

  /** Takes the first timer whose deadline has passed, or null. */
  Entry expired(long nowNs) {
    if (size == 0 || heap[0].deadlineNs - nowNs > 0) {
      return null;
    }
    Entry first = heap[0];
    remove(0);
    return first;
  }

  private void insert(Entry entry) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    place(entry, size++);
    up(entry.index);
  }

  private void remove(int at) {
    heap[at].index = -1;
    Entry last = heap[--size];
    heap[size] = null;
    if (at < size) {
      place(last, at);
      settle(at);
    }
  }

  /** An entry whose deadline changed moves one way or the other. */
  private void settle(int at) {
    Entry entry = heap[at];
    up(at);
    down(entry.index);
  }

  private void up(int from) {
    Entry entry = heap[from];
    int at = from;
    while (at > 0 && entry.before(heap[(at - 1) / 2])) {
      place(heap[(at - 1) / 2], at);
      at = (at - 1) / 2;
    }
    place(entry, at);
  }

  private void down(int from) {
    Entry entry = heap[from];
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && heap[child + 1].before(heap[child])) {
        child++;
      }
      if (!heap[child].before(entry)) {
        break;
      }
      place(heap[child], at);
      at = child;
    }
    place(entry, at);
  }

  private void place(Entry entry, int at) {
    heap[at] = entry;
    entry.index = at;
  }
}
