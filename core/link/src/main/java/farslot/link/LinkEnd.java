package farslot.link;

/**
 * What a carrier drives: one end of any number of links. Everything on the owner's thread; time is
 * a parameter, monotonic nanoseconds of that owner's clock.
 */
public interface LinkEnd {
  /** A rail has come up. What comes out of it goes to the listener returned. */
  RailListener onRail(Rail rail, long nowNs);

  /** A rail that was asked for by {@link Dialer#dial} cannot be had now. */
  void onDialFailed(String cause, long nowNs);

  /** Sends what was gathered. Call at the end of each of the agent's turns. */
  void flush(long nowNs);

  /** When {@link #onTimer} wants to be called; {@link Long#MAX_VALUE} for never. */
  long deadlineNs();

  /** Does what time asks for. Early and late calls are harmless. */
  void onTimer(long nowNs);
}
