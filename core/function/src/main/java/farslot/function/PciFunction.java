package farslot.function;

import java.util.List;
import java.util.Map;

/**
 * A card's function: registers in, effects out. The generic parts (configuration space, BAR
 * decoding, byte enables, MSI and MSI-X, FLR, bus mastering) are {@link
 * farslot.function.endpoint.FunctionEndpoint}'s; a card writes only what is its own.
 *
 * <p>It is also the {@link Card} that has this function alone.
 *
 * <p>Every call comes on the slot's agent thread and must not block. What a guest does wrong is
 * answered with a value (a status, all-ones, a sticky bit), never with an exception.
 */
public interface PciFunction extends Card, Upkeep {
  /** Identity, BARs and capabilities. The same object each time. */
  FunctionSpec spec();

  /** The function is in its slot. Called once, before any other call but {@link #spec}. */
  void plug(FunctionPort port);

  /**
   * Reads a register.
   *
   * @param bar 0 to 5; for a 64-bit BAR the lower index
   * @param offset in the BAR, a multiple of {@code bytes}
   * @param bytes 1, 2, 4 or 8
   * @return the value, little-endian meaning, upper bytes zero
   */
  long read(int bar, long offset, int bytes);

  /** Writes a register; arguments as in {@link #read}. */
  void write(int bar, long offset, int bytes, long value);

  /**
   * Back to the state after power-on, except what the specification calls sticky. DMA that is under
   * way has been abandoned by the endpoint: no {@code done} of before will come.
   */
  void reset(ResetKind kind);

  /**
   * Bus Master Enable has changed. While it is off, DMA fails with UR and interrupts are not sent.
   */
  default void busMaster(boolean enabled) {}

  /**
   * Whether reads of registers that are declared {@link ReadMostly} do nothing but read just now.
   * While they would do more (clear what they show), the server's end is told to ask each time.
   * When that changes, it counts as a change of the registers.
   *
   * @param offset where a declared range begins
   */
  default boolean readsPlainly(int bar, long offset) {
    return true;
  }

  /** What the card has counted, for people who ask how it is: what is not zero, by name. */
  default Map<String, Long> counts() {
    return Map.of();
  }

  /** The slot is being emptied: give back what is held (files, threads). */
  default void unplug() {}

  @Override
  default List<String> functions() {
    return List.of("");
  }

  @Override
  default void insert(CardSlot slot) {
    slot.present("", this);
  }
}
