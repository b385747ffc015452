package farslot.manager.model;

import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All documents as they are at a revision, kept up with what a watch tells. Events are not among
 * them. What cannot be read is kept as its problem: one document that a later version wrote must
 * not hide the others.
 */
public final class Fabric {
  private final SortedMap<String, Held<Document>> documents = new TreeMap<>();
  private final SortedMap<String, String> problems = new TreeMap<>();
  private long revision;

  /** Reads all there is. */
  public static Fabric read(StateStore store) throws StoreException {
    Fabric fabric = new Fabric();
    KeyRange rest = KeyRange.all();
    RangeResult result;
    do {
      result = store.range(RangeRequest.of(rest).at(fabric.revision));
      fabric.revision = result.revision();
      result.items().forEach(fabric::put);
      if (result.more()) {
        rest = rest.after(result.items().getLast().key());
      }
    } while (result.more() && fabric.revision > 0);
    return fabric;
  }

  /** How it was after this one: watch from the next. */
  public long revision() {
    return revision;
  }

  /** Takes what a watch has told. */
  public void take(Event event) {
    revision = event.revision();
    switch (event) {
      case Event.Put put -> put(put.item());
      case Event.Delete delete -> {
        documents.remove(delete.key());
        problems.remove(delete.key());
      }
    }
  }

  private void put(KeyValue item) {
    if (!isDocument(item.key())) {
      return;
    }
    try {
      documents.put(item.key(), Held.of(item, Document.class));
      problems.remove(item.key());
    } catch (DocumentException e) {
      documents.remove(item.key());
      problems.put(item.key(), e.getMessage());
    }
  }

  private static boolean isDocument(String key) {
    return Paths.APPLIANCES.contains(key)
        || Paths.FUNCTIONS.contains(key)
        || Paths.SERVERS.contains(key)
        || Paths.ASSIGNMENTS.contains(key)
        || Paths.PROFILES.contains(key)
        || Paths.POOLS.contains(key);
  }

  /** The documents of a kind, by their keys. */
  public <T extends Document> SortedMap<String, Held<T>> all(Class<T> kind) {
    SortedMap<String, Held<T>> all = new TreeMap<>();
    documents.forEach(
        (key, held) -> {
          if (kind.isInstance(held.document())) {
            all.put(key, new Held<>(kind.cast(held.document()), held.modRevision()));
          }
        });
    return all;
  }

  /** One document. */
  public <T extends Document> Optional<Held<T>> get(String key, Class<T> kind) {
    Held<Document> held = documents.get(key);
    return held != null && kind.isInstance(held.document())
        ? Optional.of(new Held<>(kind.cast(held.document()), held.modRevision()))
        : Optional.empty();
  }

  /** What cannot be read, by its key, in words. */
  public Map<String, String> problems() {
    return Map.copyOf(problems);
  }

  /**
   * A function that fits into a pool, is assigned to nobody, and is no spare; the first by name.
   */
  public Optional<FunctionDocument> free(PoolDocument pool) {
    return all(FunctionDocument.class).values().stream()
        .map(Held::document)
        .filter(pool::fits)
        .filter(each -> !pool.spares().contains(each.path()))
        .filter(each -> !documents.containsKey(Paths.assignment(each.path())))
        .findFirst();
  }
}
