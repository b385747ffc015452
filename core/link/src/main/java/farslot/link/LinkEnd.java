package farslot.link;

/**
 * What a loop drives: one end of any number of links. Everything on the owner's thread; time is a
 * parameter, monotonic nanoseconds of that owner's clock.
 */
public interface LinkEnd {
  /** Sends what was gathered. Call at the end of each of the agent's turns. */
  void flush(long nowNs);

  /** When {@link #onTimer} wants to be called; {@link Long#MAX_VALUE} for never. */
  long deadlineNs();

  /** Does what time asks for. Early and late calls are harmless. */
  void onTimer(long nowNs);
}
