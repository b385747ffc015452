package farslot.sim.fabric;

import farslot.store.Action;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store whose manager records something else than it means to. */
final class RewritingStore implements StateStore {
  /** What is recorded instead of something; empty for nothing. */
  interface Rewriting {
    Optional<Action.Put> of(Action.Put put);
  }

  private final StateStore store;
  private final Rewriting rewriting;

  RewritingStore(StateStore store, Rewriting rewriting) {
    this.store = store;
    this.rewriting = rewriting;
  }

  @Override
  public TransactionResult commit(Transaction transaction) throws StoreException {
    List<Action> then = new ArrayList<>();
    for (Action each : transaction.then()) {
      if (each instanceof Action.Put put) {
        rewriting.of(put).ifPresent(then::add);
      } else {
        then.add(each);
      }
    }
    return store.commit(new Transaction(transaction.compares(), then, transaction.otherwise()));
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
