package farslot.store;

/** What was recorded cannot be read again. Nothing has been changed. */
public final class StoreDamagedException extends StoreException {
  private static final long serialVersionUID = 1;

  public StoreDamagedException(String message) {
    super(message, null);
  }
}
