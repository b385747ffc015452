package farslot.cards.nvme;

import farslot.cards.nvme.spec.Cqe;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A completion queue (Base 3.3.1). A command is fetched only when a free entry can be set aside for
 * it, so posting never waits: a server that does not take its completions gets no more work done,
 * and nothing piles up here.
 */
final class CompletionQueue {
  final int id;
  private final Controller controller;

  /** Entries that have been posted and not written yet; see {@link Batch}. */
  private final MemorySegment held =
      Arena.ofAuto().allocate((long) NvmeLimits.HELD_ENTRIES_MAX * Cqe.BYTES, Cqe.BYTES);

  private int heldCount;

  private boolean open;
  private long base;
  private int size;
  private int vector;
  private boolean interrupts;
  private int head;
  private int tail;
  private int phase;
  private int reserved;

  /** Submission queues that complete here. */
  int users;

  /** For {@link Batch}: whether it is there, and the one behind it. */
  boolean inBatch;

  CompletionQueue nextHeld;

  /** A submission queue of it waits for an entry to become free. */
  boolean stalled;

  CompletionQueue(Controller controller, int id) {
    this.controller = controller;
    this.id = id;
  }

  void open(long base, int size, int vector, boolean interrupts) {
    this.base = base;
    this.size = size;
    this.vector = vector;
    this.interrupts = interrupts;
    head = 0;
    tail = 0;
    phase = 1; // "the Phase Tag bit is inverted ... initialized to zero by the host" (Base 3.3.3.2)
    reserved = 0;
    users = 0;
    stalled = false;
    heldCount = 0;
    open = true;
  }

  void close() {
    open = false;
  }

  boolean isOpen() {
    return open;
  }

  int vector() {
    return vector;
  }

  boolean interrupts() {
    return interrupts;
  }

  boolean isEmpty() {
    return head == tail;
  }

  /** Entries that hold at most; one always stays free (Base 3.3.1.3). */
  int capacity() {
    return size - 1;
  }

  /** Entries that can still be set aside. */
  int available() {
    return capacity() - used() - reserved;
  }

  private int used() {
    return tail >= head ? tail - head : tail - head + size;
  }

  void reserve(int count) {
    reserved += count;
  }

  void unreserve(int count) {
    reserved -= count;
  }

  /**
   * Posts a completion for which an entry was set aside. It is written, and the interrupt comes, at
   * the end of the turn.
   */
  void post(SubmissionQueue sq, int cid, int status, int dw0) {
    reserved--;
    assert reserved >= 0;
    long at = (long) heldCount * Cqe.BYTES;
    LittleEndian.i32(held, at + Cqe.DW0, dw0);
    LittleEndian.i32(held, at + Cqe.DW1, 0);
    LittleEndian.u16(held, at + Cqe.SQHD, sq.head());
    LittleEndian.u16(held, at + Cqe.SQID, sq.id);
    LittleEndian.u16(held, at + Cqe.CID, cid);
    LittleEndian.u16(held, at + Cqe.STATUS, status << 1 | phase);
    boolean first = isEmpty();
    if (++tail == size) {
      tail = 0;
      phase ^= 1;
    }
    hold();
    controller.vectors().posted(this, first);
  }

  private void hold() {
    if (id == 0) {
      // That a queue has been deleted must not be seen before the last of its completions.
      controller.batch().writeEntries();
    }
    heldCount++;
    controller.batch().add(this);
    if (id == 0 || tail == 0 || heldCount == NvmeLimits.HELD_ENTRIES_MAX) {
      writeOut();
    }
  }

  /**
   * Its turn to write what it holds. Several entries may be one TLP: the server looks at them in
   * order, whatever order they become visible in, and each of them is within 16 aligned bytes.
   */
  void writeHeld() {
    if (heldCount > 0) {
      writeOut();
    }
  }

  private void writeOut() {
    int first = (tail == 0 ? size : tail) - heldCount;
    controller.dma().write(base + (long) first * Cqe.BYTES, held, 0, heldCount * Cqe.BYTES);
    heldCount = 0;
  }

  /** A queue that holds nothing back. */
  void save(StateWriter state) {
    state.u16(id).i64(base).u16(size).u16(vector).flag(interrupts);
    state.u16(head).u16(tail).flag(phase != 0);
  }

  /** What is behind the identifier. */
  void restore(StateReader state, int vectors) throws StateException {
    long address = state.i64();
    int entries = state.u16("a completion queue's size", 2, NvmeLimits.QUEUE_ENTRIES_MAX);
    int toVector = state.u16("its vector", 0, vectors - 1);
    open(address, entries, toVector, state.flag());
    head = state.u16("its head", 0, size - 1);
    tail = state.u16("its tail", 0, size - 1);
    phase = state.flag() ? 1 : 0;
  }

  /**
   * The server has consumed up to here.
   *
   * @return false when that takes more than was posted, or is not in the queue
   */
  boolean consumed(int newHead) {
    if (newHead >= size) {
      return false;
    }
    int count = newHead >= head ? newHead - head : newHead - head + size;
    if (count > used()) {
      return false;
    }
    if (count > 0) {
      head = newHead;
      if (isEmpty()) {
        controller.vectors().emptied(this);
      }
    }
    return true;
  }
}
