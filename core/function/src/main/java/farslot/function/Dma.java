package farslot.function;

import farslot.pcie.CompletionStatus;
import java.lang.foreign.MemorySegment;

/**
 * A function's access to the memory of its server. Transfers of any length are cut into TLPs at 4
 * KiB boundaries, MPS and MRRS. Order: what is written (interrupts included) arrives in the order
 * of the calls; a read sees every write made before it; reads may complete in any order.
 */
public interface Dma {
  /**
   * Where a transfer's end is reported. Implemented by objects that live on (a command's context).
   */
  interface Done {
    /**
     * @param cookie as given
     * @param status SC when every byte has arrived; UR or CA as the server said; UR too when bus
     *     mastering is off or the completion timed out
     */
    void done(long cookie, CompletionStatus status);
  }

  /**
   * Reads {@code bytes} at {@code address} into {@code to}. {@code done} comes later, never from
   * inside this call; the target must not be touched before. A reset abandons it silently.
   *
   * @param bytes at least 1; queued inside when tags or credits are short
   */
  void read(long address, MemorySegment to, long offset, int bytes, Done done, long cookie);

  /**
   * Has the server do an AtomicOp on its memory. Ends with UR while software has not set AtomicOp
   * Requester Enable, and where the server cannot do it.
   *
   * @param address a multiple of {@code bytes}
   * @param operands the operands, one behind the other, little-endian; what was there before takes
   *     the place of the first
   * @param bytes of an operand: 4 or 8
   */
  default void atomic(
      AtomicOp op,
      long address,
      MemorySegment operands,
      long offset,
      int bytes,
      Done done,
      long cookie) {
    throw new UnsupportedOperationException("no AtomicOps here");
  }

  /**
   * Whether all of a range is here because the server has sent it along: then {@link #copyPushed}
   * brings it without waiting. For a card that can save a step when it knows; any other reads, and
   * gets the same bytes.
   */
  default boolean isPushed(long address, int bytes) {
    return false;
  }

  /**
   * Copies what {@link #isPushed}, now. To be followed by {@link #dropPushed} before anything else
   * is done here: together they are one read, which may name a byte twice.
   */
  default void copyPushed(long address, MemorySegment to, long offset, int bytes) {
    throw new UnsupportedOperationException("nothing is pushed here");
  }

  /** Ends what {@link #copyPushed} has begun: the next read looks at the server. */
  default void dropPushed(long address, int bytes) {}

  /**
   * Writes {@code bytes} at {@code address}; posted. The source may be reused when this returns.
   * Ignored, and counted, while bus mastering is off.
   */
  void write(long address, MemorySegment from, long offset, int bytes);

  /**
   * Whether a write would go straight to the link. False means that writes are being queued inside
   * for want of credits; a function that has a choice then waits for {@link #onRoom}.
   */
  boolean hasRoom();

  /** Called each time room returns after {@link #hasRoom} was false. */
  void onRoom(Runnable task);
}
