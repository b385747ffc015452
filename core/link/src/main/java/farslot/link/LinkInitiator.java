package farslot.link;

import farslot.pcie.TlpIn;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The end that dials: keeps a session with one appliance, resumes it after breaks, begins a new one
 * when it is lost (its owner attaches again on {@link LinkEvent.SessionUp}), until it is closed. On
 * the owner's thread only.
 */
public final class LinkInitiator implements LinkEnd {
  /**
   * @param random for the pauses between attempts to connect
   */
  public LinkInitiator(
      LinkConfig config, Dialer dialer, LinkListener listener, RandomGenerator random) {
    throw new UnsupportedOperationException();
  }

  /** Begins to connect. */
  public void start(long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** The session that is there now, in L0 or RECOVERY. */
  public Optional<LinkSession> session() {
    throw new UnsupportedOperationException();
  }

  /**
   * Asks for a function.
   *
   * @param functionName as the appliance exports it
   * @param epoch the assignment's number if the owner manages them, or 0
   * @param credits what this end grants for what the function sends
   * @param in where its TLPs go; nothing is called before {@code onAttached}
   */
  public void attach(
      String functionName, long epoch, Credits credits, TlpIn in, AttachListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Says goodbye: the session and its streams go down, and no other one is begun. */
  public void close(String cause, long nowNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RailListener onRail(Rail rail, long nowNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onDialFailed(String cause, long nowNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void flush(long nowNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long deadlineNs() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onTimer(long nowNs) {
    throw new UnsupportedOperationException();
  }
}
