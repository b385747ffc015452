package farslot.cards.virtio;

import java.lang.foreign.MemorySegment;

/** Memory that a request's data pass through; see {@link BufferPool}. */
final class DataBuffer {
  final MemorySegment memory;
  final int capacity;
  DataBuffer next;

  DataBuffer(MemorySegment memory, int capacity) {
    this.memory = memory;
    this.capacity = capacity;
  }
}
