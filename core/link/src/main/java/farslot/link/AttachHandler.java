package farslot.link;

/** Who decides, in an appliance, whether a function is attached. On the owner's thread. */
public interface AttachHandler {
  /**
   * A peer asks for a function that nobody else holds over this {@link LinkAcceptor}. Answer the
   * request once, from inside this call or later.
   */
  void onAttach(AttachRequest request);
}
