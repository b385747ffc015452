package farslot.function;

/** A function's interrupts, sent after everything that was written before. */
public interface Interrupts {
  /**
   * Signals a vector: an MSI-X or MSI message if the server enabled one of them, with masking and
   * pending bits as the specification has them. With neither enabled it does nothing: level INTx is
   * {@link #level}'s. A vector that does not exist is ignored.
   */
  void signal(int vector);

  /**
   * Sets the level of this function's INTx pin; Assert_INTx and Deassert_INTx follow as needed and
   * respect Interrupt Disable. Only meaningful while {@link #messageSignalled} is false.
   */
  void level(boolean asserted);

  /** Whether MSI or MSI-X is enabled. */
  boolean messageSignalled();

  /**
   * How many vectors the server has enabled: MSI-X table size, MSI's Multiple Message Enable, or 1.
   */
  int vectors();
}
