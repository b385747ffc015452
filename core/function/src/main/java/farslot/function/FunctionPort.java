package farslot.function;

/**
 * What a function may ask of its slot. On the slot's agent thread only, but for {@link #execute}.
 */
public interface FunctionPort extends Agent {
  /** Reads and writes of the server's memory. */
  Dma dma();

  /** INTx, MSI and MSI-X, whichever the server has switched on. */
  Interrupts interrupts();

  /**
   * Registers that the function declares {@link ReadMostly} have changed, by something else than a
   * write that may change them or a reset; called once they have, and before anything by which the
   * server could learn of it.
   */
  default void registersChanged() {}
}
