package farslot.fabric;

/** What a root port counts: everything that a well-behaved card and network would not cause. */
public enum PortEvent {
  /** A completion for a request that was never made, or was answered before (2.3.2). */
  COMPLETION_UNEXPECTED,
  /** A completion for an access that had been answered with all-ones already. */
  COMPLETION_LATE,
  /** A completion whose byte count or lower address contradicts the request. Dropped. */
  COMPLETION_WRONG,
  /** A completion other than SC. */
  COMPLETION_ERROR,
  /** A completion with EP set: its data is not used. */
  COMPLETION_POISONED,
  /** An access that nobody answered inside the deadline. */
  ACCESS_TIMEOUT,
  /** An access beyond what can be outstanding at a time: answered all-ones at once. */
  ACCESS_REFUSED,
  /** A posted write that came although there was no room. Dropped. */
  WRITE_OVERFLOW,
  /** DMA while the guest has bus mastering off. */
  DMA_NOT_BUS_MASTER,
  /** DMA outside every window, or against a window's permission. */
  DMA_OUTSIDE_WINDOWS,
  /** A poisoned write: not a byte of it is stored. */
  DMA_POISONED,
  /** An atomic operation that cannot be done there: messaged, misaligned, or 128 bits wide. */
  DMA_ATOMIC_REFUSED,
  /** Messaged memory refused: the server's own answer was an error. */
  DMA_MESSAGE_REFUSED,
  /** Memory behind a window has vanished under us: its file was shortened. */
  DMA_MEMORY_LOST,
  /** More reads than tags exist: a flood. Not answered. */
  DMA_FLOOD,
  /** A read that reached us after its function was reset. Not answered. */
  DMA_BEFORE_RESET,
  /** A guide failed and is not asked any more; the card reads by itself. */
  GUIDE_FAILED,
  /** A request that a root port does not support: I/O or configuration, upstream. */
  REQUEST_UNSUPPORTED,
  /** An interrupt message that nobody is armed for, or whose data names no vector. */
  INTERRUPT_UNARMED,
  /** ERR_COR, a corrected error. */
  ERROR_CORRECTABLE,
  /** ERR_NONFATAL. */
  ERROR_NONFATAL,
  /** ERR_FATAL. */
  ERROR_FATAL,
  /** A message that is not for us. */
  MESSAGE_IGNORED
}
