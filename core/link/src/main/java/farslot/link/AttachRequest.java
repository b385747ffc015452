package farslot.link;

import farslot.pcie.TlpIn;

/** A peer's wish to have a function; answered exactly once. On the owner's thread only. */
public final class AttachRequest {
  private final AttachResponder responder;
  private final ControlRecord.Attach record;
  private boolean answered;

  AttachRequest(AttachResponder responder, ControlRecord.Attach record) {
    this.responder = responder;
    this.record = record;
  }

  public LinkPeer peer() {
    return responder.session().peer();
  }

  /** The server that the peer asks for, by its own account; its node name if it serves one. */
  public String serverName() {
    return record.serverName();
  }

  /** The function's name, 1 to 64 bytes of printable UTF-8. */
  public String functionName() {
    return record.functionName();
  }

  /** The epoch that the peer asks for, unsigned; 0 leaves it to the appliance. */
  public long epoch() {
    return record.epoch();
  }

  /**
   * Gives the function to the peer.
   *
   * @param in where its TLPs go
   * @param epoch the assignment's number, not 0
   * @param credits what this end grants
   * @return where to send; when the session went down before the answer it is not {@link
   *     LinkStream#isUp up}, and {@code in} hears nothing
   */
  public LinkStream accept(TlpIn in, long epoch, Credits credits, FunctionIdentity identity) {
    if (epoch == 0) {
      throw new IllegalArgumentException("an epoch is not 0");
    }
    answer();
    return responder.accept(this, in, epoch, credits, identity);
  }

  /**
   * Does not.
   *
   * @param holder node name of who has it, or empty
   * @param text for people, with what they may do about it
   */
  public void refuse(AttachRefusal code, String holder, String text) {
    answer();
    responder.refuse(this, code, holder, text);
  }

  private void answer() {
    if (answered) {
      throw new IllegalStateException("answered already: " + this);
    }
    answered = true;
  }

  boolean isOpen() {
    return !answered;
  }

  ControlRecord.Attach record() {
    return record;
  }

  String holderWords() {
    String node = "node '" + peer().nodeName() + "'";
    return serverName().equals(peer().nodeName())
        ? node
        : "server '" + serverName() + "' of " + node;
  }

  @Override
  public String toString() {
    return "attach '%s' for %s".formatted(functionName(), peer());
  }
}
