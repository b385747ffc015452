package farslot.store;

/** A store says no. The message says what, why, and what to do. */
public abstract sealed class StoreException extends Exception
    permits CompactedException,
        FutureRevisionException,
        LeaseNotFoundException,
        OutcomeUnknownException,
        StoreDamagedException,
        StoreInUseException,
        StoreLimitException,
        StoreUnavailableException {
  private static final long serialVersionUID = 1;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
