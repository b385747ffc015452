package farslot.cards.nvme;

import farslot.cards.nvme.spec.Status;
import farslot.function.BufferStock;
import farslot.function.DataBuffer;

/**
 * Buffers of one size, with room behind the data to read back what is compared. Commands that find
 * none wait in order.
 */
final class BufferPool {
  private final BufferStock stock;
  private final WaitList waiting = new WaitList();

  BufferPool(int capacity, int max) {
    stock = new BufferStock(capacity, NvmeLimits.SCRATCH_BYTES, max);
  }

  /** Gives the command a buffer now, or lets it wait for one. */
  void acquire(Command command) {
    if (!waiting.isEmpty()) {
      waiting.add(command);
      return;
    }
    DataBuffer buffer = stock.take();
    if (buffer != null) {
      command.buffer = buffer;
    } else if (stock.made() == 0) {
      command.fail(Status.INTERNAL_ERROR); // no memory, and nobody who will give any back
    } else {
      waiting.add(command);
    }
  }

  /** Takes a buffer back, and hands it to who waits. */
  void release(DataBuffer buffer) {
    if (waiting.isEmpty()) {
      stock.give(buffer);
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
