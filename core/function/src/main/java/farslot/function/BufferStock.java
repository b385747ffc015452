package farslot.function;

import java.lang.foreign.Arena;

/**
 * Buffers of one size for a card's commands: made when first needed, used again for ever, never
 * more than a limit. On the slot's agent thread only.
 */
public final class BufferStock {
  private static final int ALIGNMENT_BYTES = 4096;

  private final int capacity;
  private final int behindBytes;
  private final int max;
  private DataBuffer free;
  private int made;

  /**
   * @param capacity bytes of data that a buffer is for
   * @param behindBytes more memory behind them, for whatever else a command needs
   * @param max buffers there may be
   */
  public BufferStock(int capacity, int behindBytes, int max) {
    this.capacity = capacity;
    this.behindBytes = behindBytes;
    this.max = max;
  }

  /** Buffers there are. */
  public int made() {
    return made;
  }

  /** A buffer, or null when all are taken, or there is no memory for another. */
  public DataBuffer take() {
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
      return null;
    }
  }

  /**
   * Makes one before it is needed, so that {@link #take} has it.
   *
   * @throws OutOfMemoryError if there is no memory for it
   */
  public void prepare() {
    give(make());
  }

  private DataBuffer make() {
    // Shared with threads of stores, and with nobody to say when the last has let go: the
    // collector does.
    DataBuffer buffer =
        new DataBuffer(Arena.ofAuto().allocate(capacity + behindBytes, ALIGNMENT_BYTES), capacity);
    made++;
    return buffer;
  }

  /** Takes a buffer back. */
  public void give(DataBuffer buffer) {
    buffer.next = free;
    free = buffer;
  }
}
