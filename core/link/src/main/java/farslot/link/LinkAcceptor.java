package farslot.link;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The end that is dialled: serves many sessions, finds the one that a new rail wants to resume by
 * number and token, and keeps each function with one holder. On the owner's thread only.
 */
public final class LinkAcceptor implements LinkEnd {
  /**
   * @param random for session numbers and tokens: must be unpredictable in production ({@link
   *     java.security.SecureRandom})
   */
  public LinkAcceptor(
      LinkConfig config, AttachHandler handler, LinkListener listener, RandomGenerator random) {
    throw new UnsupportedOperationException();
  }

  /** The sessions in L0 or RECOVERY. */
  public List<LinkSession> sessions() {
    throw new UnsupportedOperationException();
  }

  /** Says goodbye to everybody; rails that come later are refused. */
  public void close(String cause, long nowNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RailListener onRail(Rail rail, long nowNs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onDialFailed(String cause, long nowNs) {
    throw new IllegalStateException("an acceptor does not dial");
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
