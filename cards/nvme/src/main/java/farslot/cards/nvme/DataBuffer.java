package farslot.cards.nvme;

import java.lang.foreign.MemorySegment;

/** Memory for one command's data, with room behind it to read back what is compared. */
final class DataBuffer {
  /** {@link #capacity} bytes of data, then {@link NvmeLimits#SCRATCH_BYTES} of scratch. */
  final MemorySegment memory;

  final int capacity;
  DataBuffer next;

  DataBuffer(MemorySegment memory, int capacity) {
    this.memory = memory;
    this.capacity = capacity;
  }
}
