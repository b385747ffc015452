package farslot.cards.virtio;

import java.lang.foreign.Arena;

/**
 * Buffers of one size: made when first needed, used again for ever, never more than a limit.
 * Requests that find none wait in order.
 */
final class BufferPool {
  private final int capacity;
  private final int max;
  private final RequestList waiting = new RequestList();
  private DataBuffer free;
  private int made;

  BufferPool(int capacity, int max) {
    this.capacity = capacity;
    this.max = max;
    // One at least is had before anybody depends on it: so that nobody waits for nothing.
    free = make();
  }

  private DataBuffer make() {
    made++;
    // Shared with threads of stores, and with nobody to say when the last has let go: the
    // collector does.
    return new DataBuffer(Arena.ofAuto().allocate(capacity, 4096), capacity);
  }

  /** Gives the request a buffer now, or lets it wait for one. */
  void acquire(Request request) {
    DataBuffer buffer = waiting.isEmpty() ? take() : null;
    if (buffer == null) {
      request.waitIn(waiting);
    } else {
      request.buffer = buffer;
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
