package farslot.manager.access;

import farslot.api.ApiException;
import farslot.manager.access.Records.Kept;
import farslot.store.Action;
import farslot.store.KeyRange;
import farslot.store.OutcomeUnknownException;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.StoreLimitException;
import farslot.store.StoreLimits;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who asked for which change, and what came of it. A change and its record are one transaction, so
 * that no kill comes between them; what was refused is on stable media before the answer. Bounded:
 * the oldest records go. What a store that is full or broken does not take of outcomes and refusals
 * waits in memory, and is written with the next one that it takes.
 */
public final class Audit {
  private static final Logger LOG = System.getLogger("farslot.manager.access");
  private static final String PREFIX = "/access/audit/";
  private static final int WAITING_MAX = 1_000;
  private static final int AT_ONCE = 50;
  private static final int REFUSED_MAX = 256;
  private static final long AGAIN_MS = 1_000;

  /** What a record's key and value are at most: its body and reason are shortened. */
  private static final int RECORD_BYTES_MAX = 16 << 10;

  private static final Transaction EMPTY = Transaction.of();

  /** So many more than the bound are let grow, so that pruning is one range now and then. */
  private static final int PRUNE_EVERY = 100;

  private final StateStore store;
  private final Records<AuditRecord> records;
  private final Deque<AuditRecord> waiting = new ArrayDeque<>();

  /** Numbers of the records of what was refused, in order. */
  private final Deque<Long> refusals = new ArrayDeque<>();

  private long last;
  private long first;

  private final Map<String, AuditRecord> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, AuditRecord> eldest) {
          return size() > REFUSED_MAX;
        }
      };

  /** Goes on where the store's last record is. */
  public Audit(StateStore store) throws ApiException {
    this.store = store;
    records = new Records<>(store, PREFIX, AuditRecord.class);
    List<Kept<AuditRecord>> all = records.all();
    first = all.isEmpty() ? 1 : all.getFirst().value().number();
    last = all.isEmpty() ? 0 : all.getLast().value().number();
    all.stream()
        .map(Kept::value)
        .filter(AuditRecord::isRefusal)
        .forEach(each -> refusals.add(each.number()));
  }

  private static String id(long number) {
    return "%019d".formatted(number);
  }

  /**
   * Writes a record, again if it has a number already. What is refused to somebody again and again
   * is one record that counts, written once a second: nobody can flush others out of this log, or
   * keep the disk busy, by being refused.
   */
  public synchronized void write(AuditRecord asked) {
    try {
      if (asked.isRefusal() && asked.number() == 0) {
        AuditRecord before = refused.get(asked.attempt());
        if (before != null && before.number() >= first) {
          again(before, asked);
          return;
        }
      }
      enqueue(asked);
      while (!waiting.isEmpty()) {
        writeSome();
      }
      prune();
    } catch (StoreException e) {
      LOG.log(
          Level.ERROR,
          "a change is not in the audit log yet ({0} wait): {1}; it is: {2}",
          waiting.size(),
          e.getMessage(),
          asked);
    }
  }

  /**
   * Makes a change together with the record of who asked for it; the record alone if the change is
   * empty. One at a time: records are in the order of their numbers, and none is passed over.
   */
  synchronized TransactionResult commit(Transaction change, AuditEntry entry)
      throws StoreException {
    TransactionResult result;
    if (entry.isWritten()) {
      result = store.commit(change);
    } else if (hasRoom(change)) {
      result = together(change, entry);
    } else {
      together(EMPTY, entry);
      result = store.commit(change);
    }
    if (result.succeeded()) {
      entry.changed(result.revision());
    }
    return result;
  }

  /** Whether one more record goes into a transaction. */
  private static boolean hasRoom(Transaction change) {
    long bytes = RECORD_BYTES_MAX;
    for (Action action : change.then()) {
      if (action instanceof Action.Put put) {
        bytes += put.key().length() + put.value().length();
      }
    }
    return change.then().size() < StoreLimits.TRANSACTION_ITEMS_MAX
        && bytes <= StoreLimits.TRANSACTION_BYTES_MAX;
  }

  private TransactionResult together(Transaction change, AuditEntry entry) throws StoreException {
    long number = last + 1;
    List<Action> actions = new ArrayList<>(change.then());
    actions.add(records.put(id(number), entry.begun(number)));
    Transaction both = new Transaction(change.compares(), actions, change.otherwise());
    TransactionResult result;
    try {
      result = commitOrPrune(both);
    } catch (OutcomeUnknownException e) {
      last = number; // It may be there: nobody else gets this number.
      entry.written(number);
      throw e;
    }
    if (!result.succeeded()) {
      return result;
    }
    last = number;
    entry.written(number);
    int own = change.then().size();
    return new TransactionResult(true, result.revision(), result.results().subList(0, own));
  }

  /** A full store gives up its oldest records, so that it can be made room in. */
  private TransactionResult commitOrPrune(Transaction transaction) throws StoreException {
    try {
      return store.commit(transaction);
    } catch (StoreLimitException e) {
      if (last - first < PRUNE_EVERY) {
        throw e;
      }
      forgetBefore(first + PRUNE_EVERY);
      return store.commit(transaction);
    }
  }

  private void again(AuditRecord before, AuditRecord asked) throws StoreException {
    boolean soon = Math.abs(asked.atMs() - before.atMs()) < AGAIN_MS;
    AuditRecord again = before.again(soon ? before.atMs() : asked.atMs());
    refused.put(again.attempt(), again);
    if (!soon) {
      store.commit(Transaction.of(records.put(id(again.number()), again)));
    }
  }

  private void enqueue(AuditRecord asked) {
    if (waiting.size() == WAITING_MAX) {
      LOG.log(Level.ERROR, "lost from the audit log: {0}", waiting.poll());
    }
    waiting.add(asked);
  }

  private void writeSome() throws StoreException {
    List<Action> actions = new ArrayList<>();
    List<AuditRecord> written = new ArrayList<>();
    int fresh = 0;
    for (AuditRecord each : waiting) {
      if (written.size() == AT_ONCE) {
        break;
      }
      AuditRecord numbered = each.number() == 0 ? each.numbered(last + 1 + fresh++) : each;
      written.add(numbered);
      actions.add(records.put(id(numbered.number()), numbered));
    }
    store.commit(new Transaction(List.of(), actions, List.of()));
    written.forEach(each -> waiting.poll());
    last += fresh;
    for (AuditRecord each : written) {
      if (each.isRefusal()) {
        refused.put(each.attempt(), each);
        refusals.add(each.number());
      }
    }
  }

  private void prune() throws StoreException {
    if (refusals.size() >= AccessLimits.AUDIT_REFUSED_MAX + PRUNE_EVERY) {
      List<Action> oldest = new ArrayList<>();
      refusals.stream().limit(PRUNE_EVERY).forEach(each -> oldest.add(records.delete(id(each))));
      store.commit(new Transaction(List.of(), oldest, List.of()));
      oldest.forEach(_ -> refusals.poll());
      refused.values().removeIf(each -> each.number() < refusals.peek());
    }
    if (last - first < AccessLimits.AUDIT_MAX + PRUNE_EVERY) {
      return;
    }
    forgetBefore(last - AccessLimits.AUDIT_MAX + 1);
  }

  private void forgetBefore(long keptFrom) throws StoreException {
    KeyRange old = new KeyRange(PREFIX, records.key(id(keptFrom)));
    store.commit(Transaction.of(new Action.Delete(old)));
    first = keptFrom;
    refusals.removeIf(each -> each < keptFrom);
  }

  /**
   * Records from a number on, in order.
   *
   * @param from 0 for the last ones
   * @param limit at most so many
   */
  public List<AuditRecord> read(long from, int limit) throws ApiException {
    long begin;
    synchronized (this) {
      begin = from > 0 ? from : Math.max(first, last - limit + 1);
    }
    try {
      KeyRange all = KeyRange.prefix(PREFIX);
      KeyRange range = new KeyRange(records.key(id(begin)), all.end());
      List<AuditRecord> read = new ArrayList<>();
      var items = store.range(farslot.store.RangeRequest.of(range).limit(limit)).items();
      for (var item : items) {
        records
            .get(item.key().substring(PREFIX.length()))
            .ifPresent(kept -> read.add(kept.value()));
      }
      return read;
    } catch (StoreException e) {
      throw Records.failed(e);
    }
  }
}
