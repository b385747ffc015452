package farslot.store;

import java.time.Duration;
import java.util.Optional;

/**
 * Keys with values, and a revision that counts the changes ever made. All methods may be called
 * from any thread, also a virtual one; those that change something wait for the disk.
 *
 * <p>What has been answered stays, whatever happens to the process or the machine. What ended in an
 * exception was not done, with the exception of {@link OutcomeUnknownException}. Reads and watches
 * never show what could still be lost.
 */
public interface StateStore extends AutoCloseable {
  /**
   * Compares, then acts: all of one branch, or nothing. A branch that changes something makes one
   * new revision, however many keys it changes.
   *
   * @throws LeaseNotFoundException if a key shall be put under a lease that is no more
   * @throws StoreLimitException if it would make the store larger than it may be
   * @throws StoreUnavailableException if it cannot be recorded; nothing was done
   * @throws OutcomeUnknownException if nobody can say whether it is recorded; read, then decide
   */
  TransactionResult commit(Transaction transaction) throws StoreException;

  /**
   * Keys and values as they are, or were at a revision.
   *
   * @throws CompactedException if the revision is forgotten
   * @throws FutureRevisionException if it is still to come
   */
  RangeResult range(RangeRequest request) throws StoreException;

  /** The one key's value just now. */
  default Optional<KeyValue> get(String key) throws StoreException {
    return range(RangeRequest.of(KeyRange.key(key))).items().stream().findFirst();
  }

  /** The revision of the last change; 0 or more in a new store. */
  long revision() throws StoreException;

  /**
   * Every change of these keys from a revision on, each once, in order.
   *
   * @param fromRevision the first revision that is told of; 0 for what comes after this call
   */
  Watch watch(KeyRange range, long fromRevision) throws StoreException;

  /**
   * Forgets what was before a revision: reads below it, and watches from it or from below, get
   * {@link CompactedException}. A store also forgets by itself, so that its history has a bound.
   * Below what is already forgotten this does nothing.
   *
   * @throws FutureRevisionException if the revision is still to come
   */
  void compact(long revision) throws StoreException;

  /**
   * A lease. When nobody {@link #keepAlive}s it for its time, it ends, and the keys that were put
   * under it go, in one revision.
   *
   * @param ttl {@link StoreLimits#LEASE_TTL_MIN} to {@link StoreLimits#LEASE_TTL_MAX}
   */
  Lease grant(Duration ttl) throws StoreException;

  /**
   * Lets a lease live for its whole time again. Costs no disk.
   *
   * @return how long it lives from now on
   * @throws LeaseNotFoundException if it has ended; whoever held it has to begin anew
   */
  Duration keepAlive(long lease) throws StoreException;

  /**
   * Ends a lease now, and its keys with it.
   *
   * @throws LeaseNotFoundException if it has ended
   */
  void revoke(long lease) throws StoreException;

  /** A lease that lives. */
  Optional<Lease> lease(long lease) throws StoreException;

  /** Leaves the store. Calls that come later end in {@link StoreUnavailableException}. */
  @Override
  void close() throws StoreException;
}
