package farslot.manager.engine;

import farslot.api.agent.Report;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Paths;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.KeyValue;
import farslot.store.LeaseNotFoundException;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.Transaction;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which agents are there: each has a key under a lease that its reports keep alive. Leases detect
 * who is gone; they never decide who may drive a function.
 */
final class Presence {
  private final StateStore store;
  private final Duration ttl;

  /**
   * @param ttl after this long without a report an agent is away
   */
  Presence(StateStore store, Duration ttl) {
    this.store = store;
    this.ttl = ttl;
  }

  /**
   * Keeps an agent's lease alive; gives it one if it has none. Costs the disk nothing while nothing
   * changes.
   *
   * @param key its presence as it is now
   */
  void keep(Optional<KeyValue> key, Report report, long nowMs)
      throws StoreException, DocumentException {
    Bytes instance = Bytes.utf8(report.instance());
    if (key.isPresent() && key.get().lease() != 0) {
      try {
        store.keepAlive(key.get().lease());
        if (!key.get().value().equals(instance)) {
          put(report, instance, key.get().lease(), "restarted", nowMs);
        }
        return;
      } catch (LeaseNotFoundException e) {
        // It has ended a moment ago, and the key with it: it gets another.
      }
    }
    put(report, instance, store.grant(ttl).id(), "joined", nowMs);
  }

  private void put(Report report, Bytes instance, long lease, String what, long nowMs)
      throws StoreException, DocumentException {
    String kind = report.kind().word();
    EventDocument event =
        new EventDocument(
            nowMs,
            what,
            report.name(),
            "",
            "%s %s is here%s"
                .formatted(kind, report.name(), what.equals("joined") ? "" : ", started anew"),
            Map.of("kind", kind));
    store.commit(
        Transaction.of(
            Action.put(Paths.presence(kind, report.name()), instance, lease),
            Action.put(event.key(), Documents.write(event))));
  }
}
