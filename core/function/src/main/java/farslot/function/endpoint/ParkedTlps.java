package farslot.function.endpoint;

import farslot.pcie.TlpType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * TLPs that wait for room, in order, encoded: a ring of records that starts small and doubles up to
 * its limit. Each record is a 16-byte head and the TLP, and never wraps.
 */
final class ParkedTlps {
  /** First size, bytes, once anything has to wait; most functions never have. */
  static final int BYTES_FIRST = 64 << 10;

  /** The first byte of what is no TLP: no Fmt and Type are like that. */
  static final byte MARK = -1;

  private static final int HEAD_BYTES = 16;
  private static final int TLP_BYTES = 0;
  private static final int DATA_BYTES = 4;
  private static final int BARRIER = 8;

  /** In place of its data's length: the TLP is not to be sent any more. */
  private static final int CANCELLED = -1;

  /** In place of a TLP's length: the next record is at the beginning of the ring. */
  private static final int WRAPPED = 0;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final int bytesMax;
  private MemorySegment ring = MemorySegment.NULL;
  private int capacity;
  private int head;
  private int tail;
  private int count;

  ParkedTlps(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Appends a TLP whose bytes the caller then puts at the offset returned, in {@link #segment()}.
   *
   * @param barrier handed back by {@link #barrier()}
   * @return -1 when the limit is reached
   */
  long append(int tlpBytes, int dataBytes, long barrier) {
    int need = HEAD_BYTES + (tlpBytes + 7 & ~7);
    int at = place(need);
    while (at < 0) {
      if (capacity > bytesMax / 2) {
        return -1;
      }
      grow();
      at = place(need);
    }
    ring.set(INT, at + TLP_BYTES, tlpBytes);
    ring.set(INT, at + DATA_BYTES, dataBytes);
    ring.set(LONG, at + BARRIER, barrier);
    tail = at + need;
    count++;
    return at + HEAD_BYTES;
  }

  /** Where the offsets of {@link #append} and {@link #offset} count. */
  MemorySegment segment() {
    return ring;
  }

  /** Of the first: where it begins. Only when not empty, as the next three. */
  long offset() {
    return head + HEAD_BYTES;
  }

  int tlpBytes() {
    return ring.get(INT, head + TLP_BYTES);
  }

  int dataBytes() {
    return ring.get(INT, head + DATA_BYTES);
  }

  long barrier() {
    return ring.get(LONG, head + BARRIER);
  }

  /** Of the first: whether it was cancelled while it waited. */
  boolean cancelled() {
    return dataBytes() == CANCELLED;
  }

  /** Of the first: whether it is a MWr. */
  boolean isMemoryWrite() {
    return isMemoryWrite(head);
  }

  /** Of the first: whether it is no TLP, but {@link #MARK}. */
  boolean isMark() {
    return ring.get(ValueLayout.JAVA_BYTE, head + HEAD_BYTES) == MARK;
  }

  /** Cancels every MWr that waits. Messages stay: the server counts on INTx's Deassert. */
  void cancelMemoryWrites() {
    int at = head;
    for (int i = 0; i < count; i++) {
      at = wrapped(ring, at, capacity) ? 0 : at;
      if (isMemoryWrite(at)) {
        ring.set(INT, at + DATA_BYTES, CANCELLED);
      }
      at += recordBytes(ring, at);
    }
  }

  private boolean isMemoryWrite(int at) {
    return TlpType.isMemoryWrite(ring.get(ValueLayout.JAVA_BYTE, at + HEAD_BYTES) & 0xFF);
  }

  /** Forgets the first. */
  void pop() {
    head += recordBytes(ring, head);
    count--;
    if (count == 0) {
      head = 0;
      tail = 0;
    } else if (wrapped(ring, head, capacity)) {
      head = 0;
    }
  }

  /** Forgets all, and gives back the memory that a bad time has taken. */
  void clear() {
    head = 0;
    tail = 0;
    count = 0;
    ring = MemorySegment.NULL;
    capacity = 0;
  }

  /** Where {@code need} bytes fit behind the last record, or -1. */
  private int place(int need) {
    if (count > 0 && tail <= head) {
      return need <= head - tail ? tail : -1;
    }
    if (need <= capacity - tail) {
      return tail;
    }
    if (need > head) {
      return -1;
    }
    if (tail < capacity) {
      ring.set(INT, tail + TLP_BYTES, WRAPPED);
    }
    return 0;
  }

  private void grow() {
    MemorySegment from = ring;
    int fromCapacity = capacity;
    allocate(Math.max(BYTES_FIRST, 2 * capacity));
    int at = head;
    int to = 0;
    for (int i = 0; i < count; i++) {
      at = wrapped(from, at, fromCapacity) ? 0 : at;
      int bytes = recordBytes(from, at);
      MemorySegment.copy(from, at, ring, to, bytes);
      at += bytes;
      to += bytes;
    }
    head = 0;
    tail = to;
  }

  /** Whether no record begins here but at the beginning of the ring. */
  private static boolean wrapped(MemorySegment in, int at, int capacity) {
    return at == capacity || in.get(INT, at + TLP_BYTES) == WRAPPED;
  }

  private static int recordBytes(MemorySegment in, int at) {
    return HEAD_BYTES + (in.get(INT, at + TLP_BYTES) + 7 & ~7);
  }

  private void allocate(int bytes) {
    ring = Arena.ofAuto().allocate(bytes, 8);
    capacity = bytes;
  }
}
