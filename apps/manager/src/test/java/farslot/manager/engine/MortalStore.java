package farslot.manager.engine;

import farslot.store.KeyRange;
import farslot.store.Lease;
import farslot.store.OutcomeUnknownException;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.StoreUnavailableException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A store whose manager is killed during one of its operations, before or after it was done; and
 * which at times does not take changes, or cannot say whether it did.
 */
public final class MortalStore implements StateStore {
  /** The manager is no more. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** Something that a store does. */
  private interface Operation<T> {
    T run() throws StoreException;
  }

  private final StateStore store;
  private final Random random;
  private int left = Integer.MAX_VALUE;
  private double failing;

  public MortalStore(StateStore store, Random random) {
    this.store = store;
    this.random = random;
  }

  /** The manager is killed at this operation from now; 1 is the next. */
  public void killAfter(int operations) {
    left = operations;
  }

  /** With which probability a change is not taken. */
  public void failing(double probability) {
    failing = probability;
  }

  private <T> T mortal(Operation<T> operation) throws StoreException {
    if (--left == 0) {
      if (random.nextBoolean()) {
        operation.run();
      }
      left = 1; // Whoever goes on nevertheless is dead as well.
      throw new Killed();
    }
    return operation.run();
  }

  private <T> T change(Operation<T> operation) throws StoreException {
    if (failing > 0 && random.nextDouble() < failing) {
      switch (random.nextInt(3)) {
        case 0 -> throw new StoreUnavailableException("the disk is full", null);
        case 1 -> throw new OutcomeUnknownException("the disk does not say", null);
        default -> {
          mortal(operation);
          throw new OutcomeUnknownException("the disk does not say", null);
        }
      }
    }
    return mortal(operation);
  }

  @Override
  public TransactionResult commit(Transaction transaction) throws StoreException {
    return change(() -> store.commit(transaction));
  }

  @Override
  public RangeResult range(RangeRequest request) throws StoreException {
    return mortal(() -> store.range(request));
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
    return change(() -> store.grant(ttl));
  }

  @Override
  public Duration keepAlive(long lease) throws StoreException {
    return mortal(() -> store.keepAlive(lease));
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
