package farslot.cards.uart16550.modem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes that wait, in native memory, up to a fixed number of them. */
final class ByteQueue {
  private final MemorySegment ring;
  private final int mask;
  private int head;
  private int size;

  /**
   * @param capacity a power of two
   */
  ByteQueue(int capacity) {
    assert Integer.bitCount(capacity) == 1 : capacity;
    ring = Arena.ofAuto().allocate(capacity, Long.BYTES);
    mask = capacity - 1;
  }

  int size() {
    return size;
  }

  int room() {
    return mask + 1 - size;
  }

  void put(int value) {
    assert room() > 0;
    ring.set(ValueLayout.JAVA_BYTE, head + size++ & mask, (byte) value);
  }

  /** Puts what there is room for; returns how many that were. */
  int put(MemorySegment from, long offset, int bytes) {
    int taken = Math.min(bytes, room());
    int at = head + size & mask;
    int first = Math.min(taken, mask + 1 - at);
    MemorySegment.copy(from, offset, ring, at, first);
    MemorySegment.copy(from, offset + first, ring, 0, taken - first);
    size += taken;
    return taken;
  }

  /** The byte that many behind the first. */
  int peek(int index) {
    assert index < size;
    return ring.get(ValueLayout.JAVA_BYTE, head + index & mask) & 0xFF;
  }

  int take() {
    int value = peek(0);
    drop(1);
    return value;
  }

  /** The memory in which the first {@link #contiguous} bytes are, from {@link #offset} on. */
  MemorySegment memory() {
    return ring;
  }

  int offset() {
    return head;
  }

  int contiguous() {
    return Math.min(size, mask + 1 - head);
  }

  void drop(int bytes) {
    assert bytes <= size;
    head = head + bytes & mask;
    size -= bytes;
  }

  void clear() {
    drop(size);
  }
}
