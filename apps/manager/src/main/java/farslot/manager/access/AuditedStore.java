package farslot.manager.access;

import farslot.store.KeyRange;
import farslot.store.Lease;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.Watch;
import java.time.Duration;
import java.util.Optional;

/**
 * A store in which no change that somebody asked for is without its record: the first transaction
 * that changes something on behalf of a request also writes who asked for it. All else is passed
 * on.
 */
final class AuditedStore implements StateStore {
  private final StateStore store;
  private final Audit audit;

  AuditedStore(StateStore store, Audit audit) {
    this.store = store;
    this.audit = audit;
  }

  @Override
  public TransactionResult commit(Transaction transaction) throws StoreException {
    Optional<AuditEntry> entry = AuditEntry.current();
    return entry.isPresent() && !transaction.then().isEmpty()
        ? audit.commit(transaction, entry.get())
        : store.commit(transaction);
  }

  @Override
  public RangeResult range(RangeRequest request) throws StoreException {
    return store.range(request);
  }

  @Override
  public long revision() throws StoreException {
    return store.revision();
  }

  @Override
  public Watch watch(KeyRange range, long fromRevision) throws StoreException {
    return store.watch(range, fromRevision);
  }

  @Override
  public void compact(long revision) throws StoreException {
    store.compact(revision);
  }

  @Override
  public Lease grant(Duration ttl) throws StoreException {
    return store.grant(ttl);
  }

  @Override
  public Duration keepAlive(long lease) throws StoreException {
    return store.keepAlive(lease);
  }

  @Override
  public void revoke(long lease) throws StoreException {
    store.revoke(lease);
  }

  @Override
  public Optional<Lease> lease(long lease) throws StoreException {
    return store.lease(lease);
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }
}
