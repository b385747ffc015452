package farslot.link;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;

/**
 * One function's two ordered directions in a session: this is where its TLPs are sent, and its
 * {@code TlpIn} is where they arrive. Ends for good with {@code TlpIn.onDown}, except after {@link
 * #detach}, when nothing more is delivered. On the owner's thread only.
 */
public final class LinkStream implements TlpOut {
  LinkStream() {}

  /** The session that it belongs to. */
  public LinkSession session() {
    throw new UnsupportedOperationException();
  }

  /** 1 to 65535, unique in its session while it lives. */
  public int id() {
    throw new UnsupportedOperationException();
  }

  /** The name under which the appliance exports the function. */
  public String functionName() {
    throw new UnsupportedOperationException();
  }

  /** The assignment's number, which only grows from owner to owner. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /** Whether it can still carry something, now or after recovery. */
  public boolean isUp() {
    throw new UnsupportedOperationException();
  }

  /** Sends a Hot Reset, ordered with the TLPs around it. Initiator to appliance only. */
  public void hotReset() {
    throw new UnsupportedOperationException();
  }

  /**
   * Gives the function back (initiator), or takes it away (appliance). What was committed before
   * still goes out; nothing more is delivered here.
   */
  public void detach(String cause) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MemorySegment segment() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void commit() {
    throw new UnsupportedOperationException();
  }
}
