package farslot.function;

/** How a card gets what stands behind it, without knowing an operating system. */
public interface BackEnds {
  /**
   * Opens a block store as a namespace's configuration describes it: {@code file:} with optional
   * {@code size:}, {@code read-only:}, or {@code ram: SIZE}.
   *
   * @throws CardConfigException if it cannot be had: missing, too short, not permitted
   */
  BlockStore block(CardConfig config) throws CardConfigException;
}
