package farslot.link;

/** Makes rails to a peer, for the end that dials. On the owner's thread only. */
public interface Dialer {
  /**
   * Begins to make one; never waits. Ends in exactly one call of {@link LinkEnd#onRail} or {@link
   * LinkEnd#onDialFailed}, not from inside this call.
   */
  void dial(LinkEnd end);

  /** Whom it dials, for people: {@code tcp appliance.lan:7580}. */
  String describe();
}
