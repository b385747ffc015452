package farslot.link;

/** How an attach ended; exactly one of the two is called, never from inside the attach. */
public interface AttachListener {
  /**
   * The function is ours. TLPs come to the {@code TlpIn} given, from now on.
   *
   * @param stream where to send its TLPs
   */
  void onAttached(LinkStream stream, FunctionIdentity identity);

  /**
   * @param holder node name of who has it, or empty
   * @param text for people
   */
  void onRefused(AttachRefusal code, String holder, String text);
}
