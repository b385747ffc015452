package farslot.fabric.software;

import static farslot.fabric.software.VirtioRegisters.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A split virtqueue of block requests. Each descriptor of the queue leads to a table of its own
 * with header, data and status, as a kernel's driver has it. Nothing is allocated for a request.
 */
final class VirtioQueue {
  private static final ValueLayout.OfShort WORD =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong QW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A request's place: its table, its header, its status byte. */
  private static final int SLOT_BYTES = 128;

  private static final int HEADER = 64;
  private static final int STATUS = 96;

  private final DmaMemory memory;
  private final MemorySegment ram;
  private final int size;
  private final long desc;
  private final long avail;
  private final long used;
  private final long slots;
  private final VirtioDriver.Done[] done;
  private final long[] cookies;
  private final int[] free;
  private int freeCount;
  private int available;
  private int told;
  private int seen;

  /**
   * @param size a power of two; as many requests can be under way
   */
  VirtioQueue(DmaMemory memory, int size) {
    this.memory = memory;
    this.ram = memory.segment();
    this.size = size;
    desc = memory.allocate((long) size * DESC_BYTES);
    avail = memory.allocate(6 + 2L * size);
    used = memory.allocate(6 + 8L * size);
    slots = memory.allocate((long) size * SLOT_BYTES);
    done = new VirtioDriver.Done[size];
    cookies = new long[size];
    free = new int[size];
    ram.asSlice(avail, 6 + 2L * size).fill((byte) 0);
    ram.asSlice(used, 6 + 8L * size).fill((byte) 0);
    for (int i = size - 1; i >= 0; i--) {
      free[freeCount++] = i;
    }
  }

  int size() {
    return size;
  }

  long descIova() {
    return memory.iova(desc);
  }

  long availIova() {
    return memory.iova(avail);
  }

  long usedIova() {
    return memory.iova(used);
  }

  /** Requests that can still be begun. */
  int room() {
    return freeCount;
  }

  int underWay() {
    return size - freeCount;
  }

  /** Puts a request into the available ring; a data part without bytes is left out. */
  void begin(int type, long sector, long iova, int bytes, VirtioDriver.Done whenDone, long cookie) {
    int id = free[--freeCount];
    done[id] = whenDone;
    cookies[id] = cookie;
    long slot = slots + (long) id * SLOT_BYTES;
    ram.set(DW, slot + HEADER, type);
    ram.set(DW, slot + HEADER + 4, 0);
    ram.set(QW, slot + HEADER + 8, sector);
    ram.set(ValueLayout.JAVA_BYTE, slot + STATUS, (byte) -1);
    int entries = 0;
    descriptor(slot, memory.iova(slot + HEADER), HEADER_BYTES, F_NEXT, ++entries);
    if (bytes > 0) {
      int flags = type == T_IN ? F_NEXT | F_WRITE : F_NEXT;
      descriptor(slot + DESC_BYTES, iova, bytes, flags, ++entries);
    }
    descriptor(slot + entries * DESC_BYTES, memory.iova(slot + STATUS), 1, F_WRITE, 0);
    entries++;
    long at = desc + (long) id * DESC_BYTES;
    descriptor(at, memory.iova(slot), entries * DESC_BYTES, F_INDIRECT, 0);
    ram.set(WORD, avail + 4 + 2L * (available & size - 1), (short) id);
    available = available + 1 & 0xFFFF;
  }

  private void descriptor(long at, long iova, int bytes, int flags, int next) {
    ram.set(QW, at, iova);
    ram.set(DW, at + 8, bytes);
    ram.set(DW, at + 12, next << 16 | flags);
  }

  /** Publishes what was begun; false when there is nothing that the device has not been told. */
  boolean publish() {
    if (told == available) {
      return false;
    }
    told = available;
    ram.set(WORD, avail + 2, (short) available);
    return true;
  }

  /** Takes what has come back and reports it; returns how much. */
  int complete() {
    int count = 0;
    while (count < size && (ram.get(WORD, used + 2) & 0xFFFF) != seen) {
      int id = ram.get(DW, used + 4 + 8L * (seen & size - 1));
      seen = seen + 1 & 0xFFFF;
      finish(id, ram.get(ValueLayout.JAVA_BYTE, slots + (long) id * SLOT_BYTES + STATUS) & 0xFF);
      count++;
    }
    return count;
  }

  private void finish(int id, int status) {
    if (id < 0 || id >= size || done[id] == null) {
      return; // For nothing that is under way: the card's mistake, not ours to amplify.
    }
    VirtioDriver.Done whenDone = done[id];
    done[id] = null;
    free[freeCount++] = id;
    whenDone.done(cookies[id], status);
  }

  /** The card is gone: everything under way ends with this status. */
  void abort(int status) {
    for (int id = 0; id < size; id++) {
      finish(id, status);
    }
  }
}
