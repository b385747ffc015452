package farslot.manager.model;

import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All documents as they are at a revision, kept up with what a watch tells. Events are not among
 * them. What cannot be read is kept as its problem: one document that a later version wrote must
 * not hide the others. For one thread at a time.
 */
public final class Fabric {
  private static final List<KeyRange> DOCUMENTS =
      List.of(
          Paths.APPLIANCES,
          Paths.FUNCTIONS,
          Paths.SERVERS,
          Paths.ASSIGNMENTS,
          Paths.SANITISE,
          Paths.PROFILES,
          Paths.POOLS,
          Paths.TEMPLATES,
          Paths.IDENTITIES,
          Paths.GIVEN,
          Paths.BINDINGS,
          Paths.CHANGES);

  private static final List<KeyRange> PLAIN = List.of(Paths.EPOCHS, Paths.PRESENCE, Paths.REVOKED);

  private final Map<Class<?>, SortedMap<String, Held<? extends Document>>> documents =
      new HashMap<>();
  private final SortedMap<String, KeyValue> plain = new TreeMap<>();
  private final SortedMap<String, String> problems = new TreeMap<>();

  /** What a later version has written, as far as it is understood. */
  private final Map<String, AssignmentDocument> later = new HashMap<>();

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

  /** All up to this revision has been told, whether or not anything was among it. */
  public void reached(long told) {
    revision = Math.max(revision, told);
  }

  /** Takes what a watch has told. */
  public void take(Event event) {
    revision = event.revision();
    switch (event) {
      case Event.Put put -> put(put.item());
      case Event.Delete delete -> {
        forget(delete.key());
        problems.remove(delete.key());
        plain.remove(delete.key());
      }
    }
  }

  private void put(KeyValue item) {
    String key = item.key();
    if (PLAIN.stream().anyMatch(each -> each.contains(key))) {
      plain.put(key, item);
    } else if (DOCUMENTS.stream().anyMatch(each -> each.contains(key))) {
      forget(key);
      try {
        Held<Document> held = Held.of(item, Document.class);
        of(held.document().getClass()).put(key, held);
        problems.remove(key);
      } catch (DocumentException e) {
        problems.put(key, e.getMessage());
        if (Paths.ASSIGNMENTS.contains(key)) {
          Documents.readLater(item).ifPresent(read -> later.put(key, read));
        }
      }
    }
  }

  private void forget(String key) {
    later.remove(key);
    documents.values().forEach(each -> each.remove(key));
  }

  private SortedMap<String, Held<? extends Document>> of(Class<?> kind) {
    return documents.computeIfAbsent(kind, _ -> new TreeMap<>());
  }

  /** The documents of a kind, by their keys; those that are there now, also later. */
  @SuppressWarnings("unchecked") // Under a document's class there are only such.
  public <T extends Document> SortedMap<String, Held<T>> all(Class<T> kind) {
    return Collections.unmodifiableSortedMap(
        (SortedMap<String, Held<T>>) (SortedMap<?, ?>) of(kind));
  }

  /** Those of a kind whose keys begin so. */
  public <T extends Document> SortedMap<String, Held<T>> of(String prefix, Class<T> kind) {
    KeyRange range = KeyRange.prefix(prefix);
    return all(kind).subMap(range.from(), range.end());
  }

  /** One document. */
  public <T extends Document> Optional<Held<T>> get(String key, Class<T> kind) {
    return Optional.ofNullable(all(kind).get(key));
  }

  /** One document of whatever kind. */
  public Optional<Held<Document>> any(String key) {
    for (SortedMap<String, Held<? extends Document>> each : documents.values()) {
      Held<? extends Document> held = each.get(key);
      if (held != null) {
        return Optional.of(new Held<>(held.document(), held.modRevision()));
      }
    }
    return Optional.empty();
  }

  /** What cannot be read, by its key, in words. */
  public SortedMap<String, String> problems() {
    return Collections.unmodifiableSortedMap(problems);
  }

  /** The key that holds a function's epoch, if it ever had one. */
  public Optional<KeyValue> epoch(String function) {
    return Optional.ofNullable(plain.get(Paths.epoch(function)));
  }

  /** The highest epoch that a function was ever assigned with; 0 for none. */
  public long floor(String function) {
    try {
      return AssignmentChanges.epoch(epoch(function));
    } catch (DocumentException e) {
      return 0; // Whoever wants to assign it hears of that.
    }
  }

  /** Serial numbers of certificates that are not taken any more, in hex. */
  public List<String> revoked() {
    String prefix = Paths.REVOKED.from();
    return plain.subMap(prefix, Paths.REVOKED.end()).keySet().stream()
        .map(key -> key.substring(prefix.length()))
        .toList();
  }

  /** The key that is there while an appliance or initiator is. */
  public Optional<KeyValue> presence(String kind, String name) {
    return Optional.ofNullable(plain.get(Paths.presence(kind, name)));
  }

  /** Who has a function, or is about to. */
  public Optional<Held<AssignmentDocument>> assignment(String function) {
    return get(Paths.assignment(function), AssignmentDocument.class);
  }

  /** Who has a function, also if a later version has written it; not to be changed by. */
  public Optional<AssignmentDocument> owner(String function) {
    return assignment(function)
        .map(Held::document)
        .or(() -> Optional.ofNullable(later.get(Paths.assignment(function))));
  }

  /** All that a later version has written, as far as it is understood. */
  public List<AssignmentDocument> later() {
    return List.copyOf(later.values());
  }

  /** Whether nobody has a function, nobody is about to, and nothing has to be done to it first. */
  public boolean isFree(String function) {
    String assignment = Paths.assignment(function);
    String sanitise = Paths.sanitise(function);
    return assignment(function).isEmpty()
        && get(sanitise, SanitiseDocument.class).isEmpty()
        && !problems.containsKey(assignment)
        && !problems.containsKey(sanitise);
  }

  /** In which profile's slot a function is. */
  public Optional<Held<BindingDocument>> binding(String function) {
    return get(Paths.binding(function), BindingDocument.class);
  }
}
