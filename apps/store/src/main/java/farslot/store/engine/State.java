package farslot.store.engine;

import farslot.store.Action;
import farslot.store.ActionResult;
import farslot.store.Capacity;
import farslot.store.CompactedException;
import farslot.store.Event;
import farslot.store.FutureRevisionException;
import farslot.store.KeyRange;
import farslot.store.Lease;
import farslot.store.LeaseNotFoundException;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StoreException;
import farslot.store.StoreLimitException;
import farslot.store.StoreLimits;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import farslot.store.WatchBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * All that a store knows. Changes are staged on top of each other; readers see none of them before
 * {@link #publish}. Not for several threads at a time.
 */
public final class State {
  /** What an entry costs besides names and values, roughly. */
  private static final int ENTRY_BYTES = 64;

  private final Capacity capacity;
  private final LivedTime time;
  private final Keyspace keyspace;
  private final History history = new History();
  private final Past past;
  private final LeaseTable leases = new LeaseTable();
  private final Deque<Staged> staged = new ArrayDeque<>();
  private long stagedBytes;
  private long published;

  private record Staged(Entry entry, long bytes, Runnable undo) {}

  public State(Capacity capacity, LivedTime time) {
    this.capacity = capacity;
    this.time = time;
    keyspace = new Keyspace(capacity);
    past = new Past(keyspace, history);
  }

  // ---- reading

  /** The last revision that readers see. */
  public long revision() {
    return published;
  }

  /** All below this one is forgotten. */
  public long compactedRevision() {
    return history.compacted();
  }

  public RangeResult range(RangeRequest request) throws StoreException {
    long revision = request.revision() == 0 ? published : request.revision();
    if (revision > published) {
      throw new FutureRevisionException(revision, published);
    }
    if (revision < history.compacted()) {
      throw new CompactedException(revision, history.compacted());
    }
    return past.read(request, revision);
  }

  /** What changed from a revision on, whole revisions, as many as a batch takes. */
  public WatchBatch events(KeyRange range, long fromRevision) throws CompactedException {
    if (fromRevision <= history.compacted()) {
      throw new CompactedException(fromRevision, history.compacted());
    }
    List<Event> events = new ArrayList<>();
    long revision = fromRevision - 1;
    while (revision < published && events.size() < StoreLimits.WATCH_BATCH_EVENTS) {
      revision++;
      for (Step step : history.steps(revision)) {
        if (range.contains(step.event().key())) {
          events.add(step.event());
        }
      }
    }
    return new WatchBatch(revision, events);
  }

  public Optional<Lease> lease(long id) {
    long now = time.nowNs();
    return Optional.ofNullable(leases.living(id, now)).map(held -> lease(held, now));
  }

  private Lease lease(LeaseTable.Held held, long nowNs) {
    return new Lease(
        held.id,
        Duration.ofNanos(held.ttlNs),
        Duration.ofNanos(held.remainingNs(nowNs)),
        keyspace.countUnder(held.id));
  }

  /** Lets a lease live for its whole time again; needs no publishing. */
  public Duration keepAlive(long id) throws LeaseNotFoundException {
    long now = time.nowNs();
    LeaseTable.Held held = leases.requireLiving(id, now);
    leases.renew(held, now);
    return Duration.ofNanos(held.ttlNs);
  }

  /** Leases whose time is over, to be {@link #expire}d. Called often, it also keeps time. */
  public List<Long> endedLeases() {
    return leases.ended(time.nowNs());
  }

  // ---- staging

  /** Compares with all that is staged, then acts. An exception leaves nothing of it. */
  public TransactionResult transact(Transaction transaction) throws StoreException {
    boolean holds = transaction.compares().stream().allMatch(each -> Branch.holds(keyspace, each));
    Branch branch = new Branch(keyspace, history.last() + 1);
    try {
      for (Action action : holds ? transaction.then() : transaction.otherwise()) {
        requireLease(action);
        branch.perform(action);
      }
    } catch (StoreException | RuntimeException e) {
      branch.undo();
      throw e;
    }
    List<ActionResult> results = branch.results();
    stage(branch);
    return new TransactionResult(holds, history.last(), results);
  }

  private void requireLease(Action action) throws LeaseNotFoundException {
    if (action instanceof Action.Put put && put.lease() != 0) {
      leases.requireLiving(put.lease(), time.nowNs());
    }
  }

  private void stage(Branch branch) {
    List<Step> steps = branch.steps();
    if (steps.isEmpty()) {
      return;
    }
    history.add(history.last() + 1, steps);
    long bytes = 0;
    for (Step step : steps) {
      bytes += ENTRY_BYTES + step.event().key().length() + step.bytes();
    }
    Entry entry = new Entry.Revised(history.last(), steps.stream().map(Step::event).toList());
    stage(entry, bytes, () -> history.removeLast().reversed().forEach(keyspace::undo));
  }

  private void stage(Entry entry, long bytes, Runnable undo) {
    staged.addLast(new Staged(entry, bytes, undo));
    stagedBytes += bytes;
  }

  public Lease grant(Duration ttl) throws StoreLimitException {
    if (leases.size() >= StoreLimits.LEASES_MAX) {
      throw new StoreLimitException(
          "there are %d leases, as many as there may be: let some end".formatted(leases.size()));
    }
    long now = time.nowNs();
    LeaseTable.Held held = leases.add(leases.lastId() + 1, ttl.toNanos(), now);
    Runnable undo = () -> leases.remove(held.id);
    stage(new Entry.Granted(held.id, held.ttlNs), ENTRY_BYTES, undo);
    return lease(held, now);
  }

  public void revoke(long id) throws StoreException {
    end(leases.requireLiving(id, time.nowNs()).id);
  }

  /** Ends a lease whose time is over; nothing if it is gone meanwhile. */
  public void expire(long id) throws StoreException {
    if (leases.ended(time.nowNs()).contains(id)) {
      end(id);
    }
  }

  private void end(long id) throws StoreException {
    Branch branch = new Branch(keyspace, history.last() + 1);
    for (String key : keyspace.under(id)) {
      branch.change(new Event.Delete(key, history.last() + 1));
    }
    stage(branch);
    LeaseTable.Held held = leases.remove(id);
    stage(new Entry.Revoked(id), ENTRY_BYTES, () -> leases.restore(held));
  }

  public void compact(long revision) throws FutureRevisionException {
    if (revision > history.last()) {
      throw new FutureRevisionException(revision, history.last());
    }
    if (revision > history.compacted()) {
      stage(new Entry.Compacted(revision), ENTRY_BYTES, () -> {});
    }
  }

  // ---- what becomes of what is staged

  /** What has to be recorded before it can be published. */
  public List<Entry> staged() {
    return staged.stream().map(Staged::entry).toList();
  }

  /** How much that is, roughly. */
  public long stagedBytes() {
    return stagedBytes;
  }

  /** It is on the disk: readers see it from now on. */
  public void publish() {
    published = history.last();
    leases.tell();
    for (Staged each : staged) {
      if (each.entry() instanceof Entry.Compacted compacted) {
        forget(compacted.revision());
      }
    }
    staged.clear();
    stagedBytes = 0;
    forgetWhatIsTooMuch();
  }

  /** It could not be recorded: it never was. */
  public void rollBack() {
    while (!staged.isEmpty()) {
      staged.removeLast().undo().run();
    }
    stagedBytes = 0;
  }

  private void forget(long revision) {
    while (history.compacted() < revision) {
      history.forgetFirst();
    }
  }

  private void forgetWhatIsTooMuch() {
    while (history.size() > capacity.historyRevisionsMax()
        || history.bytes() > capacity.historyBytesMax() && history.size() > 0) {
      history.forgetFirst();
    }
  }

  // ---- from and to the disk

  Keyspace keyspace() {
    return keyspace;
  }

  History history() {
    return history;
  }

  Past past() {
    return past;
  }

  LeaseTable leases() {
    return leases;
  }

  LivedTime time() {
    return time;
  }

  /** Takes on what was recorded. */
  void restored() {
    assert staged.isEmpty() : "staged while it was read";
    published = history.last();
    leases.tell();
    forgetWhatIsTooMuch();
  }
}
