package farslot.fabric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Reads of memory that is reached by messages, and the bytes that came back for them. */
final class MessagedReads {
  /** Under way at a time; more wait. */
  static final int COUNT_MAX = 64;

  private final int[] ids = new int[COUNT_MAX];
  private final long[] addresses = new long[COUNT_MAX];
  private final int[] bytes = new int[COUNT_MAX];
  private final MemorySegment[] data = new MemorySegment[COUNT_MAX];
  private final int[] free = new int[COUNT_MAX];
  private int freeCount;

  MessagedReads() {
    for (int i = 0; i < COUNT_MAX; i++) {
      free[freeCount++] = i;
    }
  }

  boolean available() {
    return freeCount > 0;
  }

  int take(int id, long address, int count) {
    int read = free[--freeCount];
    ids[read] = id;
    addresses[read] = address;
    bytes[read] = count;
    return read;
  }

  int id(int read) {
    return ids[read];
  }

  long address(int read) {
    return addresses[read];
  }

  int bytes(int read) {
    return bytes[read];
  }

  /** Keeps what came; a page is allocated the first time that this slot is used. */
  void keep(int read, MemorySegment from, long offset) {
    if (data[read] == null) {
      data[read] = Arena.ofAuto().allocate(LocalFunction.ACCESS_BYTES_MAX, 8);
    }
    MemorySegment.copy(from, offset, data[read], 0, bytes[read]);
  }

  void copy(int read, long from, MemorySegment to, long at, int count) {
    MemorySegment.copy(data[read], from - addresses[read], to, at, count);
  }

  /** Frees a slot; sources that are none are ignored. */
  void release(int read) {
    if (read >= 0) {
      free[freeCount++] = read;
    }
  }
}
