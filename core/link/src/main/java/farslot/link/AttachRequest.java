package farslot.link;

import farslot.pcie.TlpIn;

/** A peer's wish to have a function; answered exactly once. On the owner's thread only. */
public final class AttachRequest {
  AttachRequest() {}

  public LinkPeer peer() {
    throw new UnsupportedOperationException();
  }

  /** The function's name, 1 to 64 bytes of UTF-8. */
  public String functionName() {
    throw new UnsupportedOperationException();
  }

  /** The epoch that the peer asks for; 0 leaves it to the appliance. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /**
   * Gives the function to the peer.
   *
   * @param in where its TLPs go
   * @param epoch the assignment's number, at least 1
   * @param credits what this end grants
   * @return where to send; when the session went down before the answer it is not {@link
   *     LinkStream#isUp up}, and {@code in} hears nothing
   */
  public LinkStream accept(TlpIn in, long epoch, Credits credits, FunctionIdentity identity) {
    throw new UnsupportedOperationException();
  }

  /**
   * Does not.
   *
   * @param holder node name of who has it, or empty
   * @param text for people, with what they may do about it
   */
  public void refuse(AttachRefusal code, String holder, String text) {
    throw new UnsupportedOperationException();
  }
}
