package farslot.sim.fabric;

import farslot.store.Action;
import farslot.store.ForwardingStateStore;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store whose manager records something else than it means to. */
final class RewritingStore extends ForwardingStateStore {
  /** What is recorded instead of something; empty for nothing. */
  interface Rewriting {
    Optional<Action.Put> of(Action.Put put);
  }

  private final Rewriting rewriting;

  RewritingStore(StateStore store, Rewriting rewriting) {
    super(store);
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
}
