package farslot.store;

import java.time.Duration;
import java.util.Optional;

/**
 * A store in front of another, to which it passes on all that a subclass does not do itself: the
 * same meaning, errors and threads as {@link StateStore} says. Closing it closes the other.
 */
public abstract class ForwardingStateStore implements StateStore {
  protected final StateStore store;

  protected ForwardingStateStore(StateStore store) {
    this.store = store;
  }

  @Override
  public TransactionResult commit(Transaction transaction) throws StoreException {
    return store.commit(transaction);
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
