package farslot.store;

/** The store cannot do it now, or is closed. Nothing was done. */
public final class StoreUnavailableException extends StoreException {
  private static final long serialVersionUID = 1;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
