package farslot.function;

import java.lang.foreign.MemorySegment;

/** Memory that a command's data pass through; from a {@link BufferStock}. */
public final class DataBuffer {
  /** {@link #capacity} bytes, and what the stock has behind them. */
  public final MemorySegment memory;

  /** Bytes of data that it is for. */
  public final int capacity;

  /** The next one that nobody has. */
  DataBuffer next;

  DataBuffer(MemorySegment memory, int capacity) {
    this.memory = memory;
    this.capacity = capacity;
  }
}
