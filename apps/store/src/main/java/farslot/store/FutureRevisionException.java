package farslot.store;

/** A revision that the store has not reached. */
public final class FutureRevisionException extends StoreException {
  private static final long serialVersionUID = 1;

  public FutureRevisionException(long revision, long last) {
    super("revision %d is still to come; the last one is %d".formatted(revision, last), null);
  }
}
