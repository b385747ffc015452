package farslot.store;

/**
 * A change that would be larger, or would make the store larger, than it may be. Nothing was done.
 */
public final class StoreLimitException extends StoreException {
  private static final long serialVersionUID = 1;

  public StoreLimitException(String message) {
    super(message, null);
  }
}
