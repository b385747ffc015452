package farslot.manager.access;

import farslot.store.ForwardingStateStore;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import java.util.Optional;

/**
 * A store in which no change that somebody asked for is without its record: the first transaction
 * that changes something on behalf of a request also writes who asked for it. All else is passed
 * on.
 */
final class AuditedStore extends ForwardingStateStore {
  private final Audit audit;

  AuditedStore(StateStore store, Audit audit) {
    super(store);
    this.audit = audit;
  }

  @Override
  public TransactionResult commit(Transaction transaction) throws StoreException {
    Optional<AuditEntry> entry = AuditEntry.current();
    return entry.isPresent() && !transaction.then().isEmpty()
        ? audit.commit(transaction, entry.get())
        : store.commit(transaction);
  }
}
