package farslot.cards.nvme;

import farslot.cards.nvme.spec.Status;
import java.lang.foreign.Arena;

/**
 * Buffers of one size: made when first needed, used again for ever, never more than a limit.
 * Commands that find none wait in order.
 */
final class BufferPool {
  private final int capacity;
  private final int max;
  private final WaitList waiting = new WaitList();
  private DataBuffer free;
  private int made;

  BufferPool(int capacity, int max) {
    this.capacity = capacity;
    this.max = max;
  }

  private DataBuffer make() {
    made++;
    // Shared with threads of stores, and with nobody to say when the last has let go: the
    // collector does.
    return new DataBuffer(
        Arena.ofAuto().allocate(capacity + NvmeLimits.SCRATCH_BYTES, 4096), capacity);
  }

  /** Gives the command a buffer now, or lets it wait for one. */
  void acquire(Command command) {
    if (!waiting.isEmpty()) {
      waiting.add(command);
      return;
    }
    DataBuffer buffer = take();
    if (buffer != null) {
      command.buffer = buffer;
    } else if (made == 0) {
      command.fail(Status.INTERNAL_ERROR); // no memory, and nobody who will give any back
    } else {
      waiting.add(command);
    }
  }

  private DataBuffer take() {
    DataBuffer buffer = free;
    if (buffer != null) {
      free = buffer.next;
      buffer.next = null;
      return buffer;
    }
    if (made == max) {
      return null;
    }
    try {
      return make();
    } catch (OutOfMemoryError e) {
      made--;
      return null;
    }
  }

  /** Takes a buffer back, and hands it to who waits. */
  void release(DataBuffer buffer) {
    if (waiting.isEmpty()) {
      buffer.next = free;
      free = buffer;
    } else {
      Command command = waiting.remove();
      command.buffer = buffer;
      command.resume();
    }
  }

  /** Who waits is forgotten. */
  void reset() {
    waiting.clear();
  }
}
