package farslot.function;

import farslot.pcie.CompletionStatus;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/**
 * How a {@link TlpFunction} answers, and what it may know of what software has configured. On the
 * slot's agent thread only.
 */
public interface TlpPort {
  /**
   * Answers a read with data, in as many CplD as it takes.
   *
   * @param request the request, or a copy of its header
   * @param data from the first enabled byte on; of an I/O read its DW
   */
  void complete(TlpView request, MemorySegment data, long offset);

  /** Answers an I/O write that has succeeded. */
  void complete(TlpView request);

  /** Answers a read, or an I/O write, without data. {@code status} is not SC. */
  void refuse(TlpView request, CompletionStatus status);

  /** Bus, device and function number, as the last configuration write has said it. */
  int functionId();

  /** The address that software has given to a BAR; 0 before that. */
  long barAddress(int bar);

  /**
   * A DW of configuration space as software reads it.
   *
   * @param offset 0 to 4092, a multiple of 4
   */
  int configDw(int offset);

  /** Where a vector's message is to be written, or 0: MSI-X's table, or MSI's while it is on. */
  long messageAddress(int vector);

  /** What is to be written there. */
  int messageData(int vector);
}
