package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * What a {@link DmaGuide} may do in the name of a card that is gone, while it is told that another
 * has taken its place: what the card itself could still have done if it had known. Memory is the
 * server's, inside of what software has mapped for the card. Of use during that call only.
 */
public interface CardsName {
  /**
   * Copies memory for the guide's own eyes.
   *
   * @return false when some of it is not the card's to read, or is not at hand
   */
  boolean read(long address, MemorySegment to, long offset, int bytes);

  /**
   * Writes memory; all before {@link #interrupt}.
   *
   * @return false, and nothing is written, when some of it is not the card's to write or not at
   *     hand
   */
  boolean write(long address, MemorySegment from, long offset, int bytes);

  /** Whether software listens to this vector of MSI-X or MSI. */
  boolean hears(int vector);

  /** Signals a vector. */
  void interrupt(int vector);
}
