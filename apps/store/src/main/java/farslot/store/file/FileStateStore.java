package farslot.store.file;

import farslot.store.FutureRevisionException;
import farslot.store.KeyRange;
import farslot.store.Lease;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.StoreLimits;
import farslot.store.StoreUnavailableException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.Watch;
import farslot.store.engine.LivedTime;
import farslot.store.engine.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The default store: everything in memory, every change in a log on the disk before it is answered,
 * and a snapshot in the log's place when that has grown.
 *
 * <p>When the disk is full or broken, changes end in exceptions and everything else goes on. After
 * a restart each lease lives for its whole time again: who kept it alive a moment ago must not find
 * it ended because this process was away.
 */
public final class FileStateStore implements StateStore {
  /** How often {@link #tick} should be called. */
  public static final Duration TICK = Duration.ofMillis(250);

  private final Journal journal;
  private final LeaseThread leaseThread;

  private FileStateStore(Journal journal, boolean background) {
    this.journal = journal;
    leaseThread = background ? new LeaseThread(this) : null;
  }

  /**
   * Opens, or begins, a store in a directory, and lets leases end by a thread of its own.
   *
   * @param dir made if it is not there
   * @throws farslot.store.StoreInUseException if another process has it
   * @throws farslot.store.StoreDamagedException if it cannot be read; nothing has been changed
   * @throws StoreUnavailableException if the host says no
   */
  public static FileStateStore open(Path dir) throws StoreException {
    try {
      return open(new DirectoryDisk(dir), FileStoreOptions.DEFAULT, true);
    } catch (IOException e) {
      throw cannotOpen(dir.toString(), e);
    }
  }

  /**
   * Opens, or begins, a store on a disk, which it closes at its end. Leases end when {@link #tick}
   * is called.
   */
  public static FileStateStore open(Disk disk, FileStoreOptions options) throws StoreException {
    return open(disk, options, false);
  }

  private static FileStateStore open(Disk disk, FileStoreOptions options, boolean background)
      throws StoreException {
    try {
      State state = new State(options.capacity(), new LivedTime(options.clockNs()));
      Generations generations = Recovery.open(disk, state, options.ids());
      Journal journal = new Journal(state, generations, options);
      journal.begin();
      return new FileStateStore(journal, background);
    } catch (IOException e) {
      closeQuietly(disk, e);
      throw cannotOpen(disk.path(""), e);
    } catch (StoreException | RuntimeException e) {
      closeQuietly(disk, e);
      throw e;
    }
  }

  private static void closeQuietly(Disk disk, Exception cause) {
    try {
      disk.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static StoreUnavailableException cannotOpen(String where, IOException e) {
    return new StoreUnavailableException("the store in " + where + " cannot be opened: " + e, e);
  }

  @Override
  public TransactionResult commit(Transaction transaction) throws StoreException {
    return journal.perform(state -> state.transact(transaction));
  }

  /** Several at the same time, which are recorded together. */
  List<Pending<TransactionResult>> commitTogether(List<Transaction> transactions)
      throws StoreException {
    return journal.performAll(
        transactions.stream().map(each -> new Pending<>(state -> state.transact(each))).toList());
  }

  @Override
  public RangeResult range(RangeRequest request) throws StoreException {
    return read(state -> state.range(request));
  }

  @Override
  public long revision() throws StoreException {
    return read(State::revision);
  }

  /** All below this revision is forgotten. */
  public long compactedRevision() throws StoreException {
    return read(State::compactedRevision);
  }

  @Override
  public Watch watch(KeyRange range, long fromRevision) throws StoreException {
    if (fromRevision < 0) {
      throw new IllegalArgumentException("a watch from revision " + fromRevision);
    }
    return new LogWatch(journal, range, fromRevision == 0 ? revision() + 1 : fromRevision);
  }

  @Override
  public void compact(long revision) throws StoreException {
    if (revision > revision()) {
      throw new FutureRevisionException(revision, revision());
    }
    journal.perform(
        state -> {
          state.compact(revision);
          return revision;
        });
  }

  @Override
  public Lease grant(Duration ttl) throws StoreException {
    if (ttl.compareTo(StoreLimits.LEASE_TTL_MIN) < 0
        || ttl.compareTo(StoreLimits.LEASE_TTL_MAX) > 0) {
      throw new IllegalArgumentException(
          "a lease lives for %s to %s, not %s"
              .formatted(StoreLimits.LEASE_TTL_MIN, StoreLimits.LEASE_TTL_MAX, ttl));
    }
    return journal.perform(state -> state.grant(ttl));
  }

  @Override
  public Duration keepAlive(long lease) throws StoreException {
    return read(state -> state.keepAlive(lease));
  }

  @Override
  public void revoke(long lease) throws StoreException {
    journal.perform(
        state -> {
          state.revoke(lease);
          return lease;
        });
  }

  @Override
  public Optional<Lease> lease(long lease) throws StoreException {
    return read(state -> state.lease(lease));
  }

  /**
   * Ends the leases whose time is over. Time counts only while this is called, or anything else
   * that has to do with leases: see {@link LivedTime}.
   *
   * @throws StoreUnavailableException if that cannot be recorded; the next call tries again
   */
  public void tick() throws StoreException {
    for (long lease : read(State::endedLeases)) {
      journal.perform(
          state -> {
            state.expire(lease);
            return lease;
          });
    }
  }

  private <T> T read(Pending.Operation<T> operation) throws StoreException {
    journal.using().lock();
    try {
      journal.requireOpen();
      return operation.stage(journal.state());
    } finally {
      journal.using().unlock();
    }
  }

  @Override
  public void close() throws StoreException {
    if (leaseThread != null) {
      leaseThread.close();
    }
    try {
      journal.close();
    } catch (IOException e) {
      throw new StoreUnavailableException("the store could not be closed: " + e.getMessage(), e);
    }
  }
}
