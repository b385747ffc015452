package farslot.function;

/**
 * What a function may ask of its slot. On the slot's agent thread only, but for {@link #execute}.
 */
public interface FunctionPort extends Agent {
  /** Reads and writes of the server's memory. */
  Dma dma();

  /** INTx, MSI and MSI-X, whichever the server has switched on. */
  Interrupts interrupts();
}
