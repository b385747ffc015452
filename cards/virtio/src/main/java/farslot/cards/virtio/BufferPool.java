package farslot.cards.virtio;

import farslot.function.BufferStock;
import farslot.function.DataBuffer;

/** Buffers of one size. Requests that find none wait in order. */
final class BufferPool {
  private final BufferStock stock;
  private final RequestList waiting = new RequestList();

  BufferPool(int capacity, int max) {
    stock = new BufferStock(capacity, 0, max);
    // One at least is had before anybody depends on it: so that nobody waits for nothing.
    stock.prepare();
  }

  /** Gives the request a buffer now, or lets it wait for one. */
  void acquire(Request request) {
    DataBuffer buffer = waiting.isEmpty() ? stock.take() : null;
    if (buffer == null) {
      request.waitIn(waiting);
    } else {
      request.buffer = buffer;
    }
  }

  /** Takes a buffer back, and hands it to who waits. */
  void release(DataBuffer buffer) {
    if (waiting.isEmpty()) {
      stock.give(buffer);
    } else {
      Request request = waiting.remove();
      request.buffer = buffer;
      request.resume();
    }
  }

  /** Who waits is forgotten; its owner sees to it. */
  void reset() {
    waiting.clear();
  }
}
