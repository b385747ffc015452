package farslot.store;

/** Another process has the store. */
public final class StoreInUseException extends StoreException {
  private static final long serialVersionUID = 1;

  public StoreInUseException(String message) {
    super(message, null);
  }
}
