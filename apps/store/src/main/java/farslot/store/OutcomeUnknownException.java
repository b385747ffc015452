package farslot.store;

/**
 * Nobody can say whether a change is recorded; it is as a whole, or it is not. Read, then decide.
 */
public final class OutcomeUnknownException extends StoreException {
  private static final long serialVersionUID = 1;

  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
