package farslot.fabric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A bounded queue of byte records, each contiguous, in one piece of memory that is only allocated
 * when something has to wait for the first time.
 */
final class RecordRing {
  private static final int HEADER_BYTES = 8;
  private static final int SKIP = -1;

  private final int capacity;
  private MemorySegment memory;
  private int head;
  private int tail;
  private int used;
  private long taken;
  private long given;

  /**
   * @param capacity bytes, a multiple of 8
   */
  RecordRing(int capacity) {
    this.capacity = capacity;
  }

  MemorySegment memory() {
    return memory;
  }

  boolean isEmpty() {
    return given == taken;
  }

  /** Records put in since the beginning. */
  long given() {
    return given;
  }

  /** Records taken out, or cleared, since the beginning. */
  long taken() {
    return taken;
  }

  /** Whether a record of this size certainly fits, wherever the ring's end lies. */
  boolean fits(int bytes) {
    return used + 2 * (HEADER_BYTES + bytes + 7 & ~7) <= capacity;
  }

  /** Room for a record, as an offset in {@link #memory}, or -1 when the ring is full. */
  long put(int bytes) {
    if (memory == null) {
      memory = Arena.ofAuto().allocate(capacity, 8);
    }
    int size = HEADER_BYTES + bytes + 7 & ~7;
    int toEnd = capacity - tail;
    int skip = size <= toEnd ? 0 : toEnd;
    if (used + skip + size > capacity) {
      return -1;
    }
    if (skip > 0) {
      memory.set(ValueLayout.JAVA_INT, tail, SKIP);
      tail = 0;
    }
    long at = tail;
    memory.set(ValueLayout.JAVA_INT, at, bytes);
    tail = tail + size == capacity ? 0 : tail + size;
    used += skip + size;
    given++;
    return at + HEADER_BYTES;
  }

  /** Where the oldest record lies. The ring must not be empty. */
  long first() {
    if (memory.get(ValueLayout.JAVA_INT, head) == SKIP) {
      used -= capacity - head;
      head = 0;
    }
    return (long) head + HEADER_BYTES;
  }

  /** Its size in bytes, after {@link #first}. */
  int firstBytes() {
    return memory.get(ValueLayout.JAVA_INT, head);
  }

  /** Takes it out. */
  void pop() {
    first();
    int size = HEADER_BYTES + firstBytes() + 7 & ~7;
    head = head + size == capacity ? 0 : head + size;
    used -= size;
    taken++;
    if (given == taken) {
      clear();
    }
  }

  void clear() {
    taken = given;
    head = 0;
    tail = 0;
    used = 0;
  }
}
