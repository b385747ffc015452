package farslot.store;

/** There is no such lease, or it has ended. */
public final class LeaseNotFoundException extends StoreException {
  private static final long serialVersionUID = 1;

  public LeaseNotFoundException(long lease) {
    super("lease %d has ended or never was: ask for another one".formatted(lease), null);
  }
}
