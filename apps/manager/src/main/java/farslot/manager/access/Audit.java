package farslot.manager.access;

import farslot.api.ApiException;
import farslot.manager.access.Records.Kept;
import farslot.store.Action;
import farslot.store.KeyRange;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who asked for which change, and what came of it: on stable media before the answer. Bounded: the
 * oldest records go. What a store that is full or broken does not take waits in memory, and is
 * written with the next one that it takes.
 */
public final class Audit {
  private static final Logger LOG = System.getLogger("farslot.manager.access");
  private static final String PREFIX = "/access/audit/";
  private static final int WAITING_MAX = 1_000;
  private static final int AT_ONCE = 50;
  private static final int REFUSED_MAX = 256;
  private static final long AGAIN_MS = 1_000;

  /** So many more than the bound are let grow, so that pruning is one range now and then. */
  private static final int PRUNE_EVERY = 100;

  private final StateStore store;
  private final Records<AuditRecord> records;
  private final Deque<AuditRecord> waiting = new ArrayDeque<>();
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
  }

  private static String id(long number) {
    return "%019d".formatted(number);
  }

  /**
   * Writes a record; its number is not looked at. What is refused to somebody again and again is
   * one record that counts, written once a second: nobody can flush others out of this log, or keep
   * the disk busy, by being refused.
   */
  public synchronized void write(AuditRecord asked) {
    try {
      if (asked.status() >= 400) {
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
    for (AuditRecord each : waiting) {
      if (written.size() == AT_ONCE) {
        break;
      }
      AuditRecord numbered = each.numbered(last + 1 + written.size());
      written.add(numbered);
      actions.add(records.put(id(numbered.number()), numbered));
    }
    store.commit(new Transaction(List.of(), actions, List.of()));
    written.forEach(each -> waiting.poll());
    last += written.size();
    written.stream()
        .filter(each -> each.status() >= 400)
        .forEach(each -> refused.put(each.attempt(), each));
  }

  private void prune() throws StoreException {
    if (last - first < AccessLimits.AUDIT_MAX + PRUNE_EVERY) {
      return;
    }
    long keptFrom = last - AccessLimits.AUDIT_MAX + 1;
    KeyRange old = new KeyRange(PREFIX, records.key(id(keptFrom)));
    store.commit(Transaction.of(new Action.Delete(old)));
    first = keptFrom;
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
