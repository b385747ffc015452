package farslot.function.endpoint;

import farslot.function.Dma;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.MemorySegment;

/** One {@link Dma#read}, from the call until its {@code done}. Pooled. */
final class ReadTransfer {
  long address;
  MemorySegment to;
  long offset;
  int bytes;
  Dma.Done done;
  long cookie;

  /** Fmt and Type of the AtomicOp that this is, operands where the answer goes; 0 for a read. */
  int atomic;

  /** Posted requests that must have left first. */
  long barrier;

  /** Bytes for which MRd have been sent. */
  int issued;

  /** MRd that wait for completions. */
  int outstanding;

  CompletionStatus status;

  /** The next one waiting to be issued, waiting to be reported, or free. */
  ReadTransfer next;

  boolean allIssued() {
    return issued == bytes || status != CompletionStatus.SC;
  }
}
