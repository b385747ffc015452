package farslot.manager.profiles;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.manager.model.ChangeDocument;
import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.manager.model.Fabric;
import farslot.manager.model.Held;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Compare;
import farslot.store.StoreLimits;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One transaction in the making: what it changes, each under the condition that it is still as it
 * was looked at, and what it relied upon.
 */
final class Ledger {
  private final Fabric fabric;
  private final Map<String, Compare> compares = new LinkedHashMap<>();
  private final Map<String, Optional<Document>> changes = new LinkedHashMap<>();

  Ledger(Fabric fabric) {
    this.fabric = fabric;
  }

  void put(Document document) {
    changes.put(document.key(), Optional.of(document));
    unchanged(document.key());
  }

  void delete(String key) {
    changes.put(key, Optional.empty());
    unchanged(key);
  }

  /** That this is as it was looked at. */
  void unchanged(String key) {
    long revision = fabric.any(key).map(Held::modRevision).orElse(0L);
    compares.put(key, Compare.unchanged(key, revision));
  }

  /** That this is there, whatever it says. */
  void present(String key) {
    compares.putIfAbsent(key, Compare.present(key));
  }

  /** That no earlier change of a profile is put back any more: this goes before it. */
  void supersede(String profile) {
    for (Held<ChangeDocument> each : fabric.all(ChangeDocument.class).values()) {
      if (each.document().profiles().contains(profile)) {
        delete(each.document().key());
      }
    }
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  /** What becomes of documents, by their keys; empty for what is deleted. */
  Map<String, Optional<Document>> changes() {
    return changes;
  }

  /** What was under the keys that it changes, as it is written; "" for nothing. */
  Map<String, String> before() throws DocumentException {
    Map<String, String> before = new TreeMap<>();
    for (String key : changes.keySet()) {
      Optional<Held<Document>> now = fabric.any(key);
      before.put(key, now.isPresent() ? Documents.write(now.get().document()).utf8() : "");
    }
    return before;
  }

  /** The transaction. */
  Transaction transaction() throws ApiException, DocumentException {
    List<Action> actions = new ArrayList<>();
    for (Map.Entry<String, Optional<Document>> each : changes.entrySet()) {
      if (each.getValue().isPresent()) {
        Bytes bytes = Documents.write(each.getValue().get());
        actions.add(Action.put(each.getKey(), bytes));
      } else {
        actions.add(Action.delete(each.getKey()));
      }
    }
    int items = Math.max(actions.size(), compares.size());
    if (items > StoreLimits.TRANSACTION_ITEMS_MAX) {
      throw tooMuch("it makes %d changes".formatted(items));
    }
    try {
      return new Transaction(List.copyOf(compares.values()), actions, List.of());
    } catch (IllegalArgumentException e) {
      throw tooMuch(e.getMessage());
    }
  }

  /** The transaction, of few and small documents. */
  Optional<Transaction> small() throws DocumentException {
    try {
      return Optional.of(transaction());
    } catch (ApiException e) {
      throw new AssertionError(e);
    }
  }

  private static ApiException tooMuch(String why) {
    return new ApiException(
        ApiError.TOO_LARGE,
        "nothing is changed",
        why
            + "; at most %d are made at once, all or nothing"
                .formatted(StoreLimits.TRANSACTION_ITEMS_MAX),
        "apply it in several files");
  }
}
