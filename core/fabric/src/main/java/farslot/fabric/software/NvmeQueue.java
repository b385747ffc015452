package farslot.fabric.software;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A submission queue with its completion queue, and the commands that are under way in it. Nothing
 * is allocated for a command.
 */
final class NvmeQueue {
  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong QW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int SQE_BYTES = 64;
  private static final int CQE_BYTES = 16;
  private static final int PAGE = NvmeRegisters.PAGE_BYTES;

  private final DmaMemory memory;
  private final MemorySegment ram;
  private final int entries;
  private final long sq;
  private final long cq;
  private final long lists;
  private final int listBytes;
  private final NvmeDriver.Done[] done;
  private final long[] cookies;
  private final int[] free;
  private int freeCount;
  private int tail;
  private int rung;
  private int head;
  private int headRung;
  private int phase = 1;

  /**
   * @param entries 2 to 4096; one fewer commands can be under way
   * @param transferBytesMax the longest transfer that a PRP list is kept for
   */
  NvmeQueue(DmaMemory memory, int entries, int transferBytesMax) {
    this.memory = memory;
    this.ram = memory.segment();
    this.entries = entries;
    this.sq = memory.allocate((long) entries * SQE_BYTES);
    this.cq = memory.allocate((long) entries * CQE_BYTES);
    // A list must not cross a page unless its last entry points on, so each has a power of two.
    int pointers = Math.max(1, transferBytesMax / PAGE);
    this.listBytes = Math.min(PAGE, Integer.highestOneBit(2 * pointers - 1) * 8);
    this.lists = memory.allocate((long) entries * listBytes);
    this.done = new NvmeDriver.Done[entries];
    this.cookies = new long[entries];
    this.free = new int[entries];
    for (int id = entries - 2; id >= 0; id--) {
      free[freeCount++] = id;
    }
    ram.asSlice(cq, (long) entries * CQE_BYTES).fill((byte) 0);
  }

  int entries() {
    return entries;
  }

  long sqIova() {
    return memory.iova(sq);
  }

  long cqIova() {
    return memory.iova(cq);
  }

  /** Commands that can still be begun. */
  int room() {
    return freeCount;
  }

  int underWay() {
    return entries - 1 - freeCount;
  }

  /** Longest transfer, bytes: two pointers in the entry, or one and a list. */
  int transferBytesMax() {
    return listBytes / 8 * PAGE;
  }

  /** Begins a command; the caller fills in DW 10 and up with {@link #word}. */
  void begin(
      int opcode, int namespace, long iova, int bytes, NvmeDriver.Done whenDone, long cookie) {
    int id = free[--freeCount];
    done[id] = whenDone;
    cookies[id] = cookie;
    long at = sq + (long) tail * SQE_BYTES;
    ram.set(DW, at, opcode | id << 16);
    ram.set(DW, at + 4, namespace);
    ram.set(QW, at + 8, 0);
    ram.set(QW, at + 16, 0);
    pointers(at, id, iova, bytes);
    for (int dw = 10; dw < 16; dw++) {
      ram.set(DW, at + 4L * dw, 0);
    }
  }

  /** PRP Entry 1 and 2 (Base Specification 4.1.1): pages, or one page and a list of the rest. */
  private void pointers(long at, int id, long iova, int bytes) {
    long second = (iova & -PAGE) + PAGE;
    long end = iova + bytes;
    ram.set(QW, at + 24, iova);
    if (end <= second) {
      ram.set(QW, at + 32, 0);
    } else if (end <= second + PAGE) {
      ram.set(QW, at + 32, second);
    } else {
      long list = lists + (long) id * listBytes;
      ram.set(QW, at + 32, memory.iova(list));
      for (long page = second; page < end; page += PAGE, list += 8) {
        ram.set(QW, list, page);
      }
    }
  }

  /** Sets one DW of the command begun last. */
  void word(int dw, int value) {
    ram.set(DW, sq + (long) tail * SQE_BYTES + 4L * dw, value);
  }

  /** The command is whole: it goes with the next doorbell. */
  void end() {
    tail = tail + 1 == entries ? 0 : tail + 1;
  }

  /** The new tail if a doorbell is due, or -1. */
  int tailToRing() {
    if (tail == rung) {
      return -1;
    }
    rung = tail;
    return tail;
  }

  /** The new head if a doorbell is due, or -1. */
  int headToRing() {
    if (head == headRung) {
      return -1;
    }
    headRung = head;
    return head;
  }

  /** Takes completions that have arrived and reports them; returns how many. */
  int complete() {
    int count = 0;
    while (count < entries) {
      long at = cq + (long) head * CQE_BYTES;
      int last = ram.get(DW, at + 12);
      if ((last >> 16 & 1) != phase) {
        break;
      }
      int result = ram.get(DW, at);
      head++;
      if (head == entries) {
        head = 0;
        phase ^= 1;
      }
      finish(last & 0xFFFF, last >>> 17 & 0x7FF, result);
      count++;
    }
    return count;
  }

  private void finish(int id, int status, int result) {
    if (id >= entries || done[id] == null) {
      return; // A completion for nothing that is under way: the card's mistake, not ours to
      // amplify.
    }
    NvmeDriver.Done whenDone = done[id];
    done[id] = null;
    free[freeCount++] = id;
    whenDone.done(cookies[id], status, result);
  }

  /** The card is gone: everything under way ends with this status. */
  void abort(int status) {
    for (int id = 0; id < entries; id++) {
      finish(id, status, 0);
    }
  }
}
