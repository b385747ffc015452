package farslot.manager.engine;

import farslot.manager.model.DocumentException;
import farslot.manager.model.EventDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.store.Action;
import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.StoreLimits;
import farslot.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What has happened, in the order in which it was recorded, whatever the clock did; so much of it
 * and no more. Not for several threads at a time.
 */
final class EventTrail {
  /** By revision, then by key: one revision may record several. */
  private record Place(long revision, String key) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::revision).thenComparing(Place::key);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** So many are forgotten at once, so that not each new one costs a transaction more. */
  private static final int PRUNED_AT_ONCE = StoreLimits.TRANSACTION_ITEMS_MAX;

  private final int most;
  private final TreeMap<Place, Held<EventDocument>> trail = new TreeMap<>();
  private final Map<String, Place> places = new HashMap<>();

  /**
   * @param most how many are kept
   */
  EventTrail(int most) {
    this.most = most;
  }

  /** Reads all there are. */
  void begin(StateStore store) throws StoreException {
    trail.clear();
    places.clear();
    KeyRange rest = Paths.EVENTS;
    RangeResult result;
    do {
      result = store.range(RangeRequest.of(rest));
      result.items().forEach(this::put);
      if (result.more()) {
        rest = rest.after(result.items().getLast().key());
      }
    } while (result.more());
  }

  void take(Event event) {
    switch (event) {
      case Event.Put put -> put(put.item());
      case Event.Delete delete -> remove(delete.key());
    }
  }

  private void put(KeyValue item) {
    remove(item.key());
    Place place = new Place(item.modRevision(), item.key());
    Held<EventDocument> held;
    try {
      held = Held.of(item, EventDocument.class);
    } catch (DocumentException e) {
      held = unreadable(item);
    }
    trail.put(place, held);
    places.put(item.key(), place);
  }

  /** A later version wrote it: it has its place, and is forgotten in its turn. */
  private static Held<EventDocument> unreadable(KeyValue item) {
    return new Held<>(
        new EventDocument(0, "unreadable", "event", "", item.key(), Map.of()), item.modRevision());
  }

  private void remove(String key) {
    Place place = places.remove(key);
    if (place != null) {
      trail.remove(place);
    }
  }

  /** Forgets the oldest, if there are too many. */
  Optional<Transaction> prune() {
    if (trail.size() < most + PRUNED_AT_ONCE) {
      return Optional.empty();
    }
    List<Action> deletes = new ArrayList<>();
    trail.keySet().stream()
        .limit(PRUNED_AT_ONCE)
        .forEach(each -> deletes.add(Action.delete(each.key())));
    return Optional.of(new Transaction(List.of(), deletes, List.of()));
  }

  /** Those that were recorded after a revision, oldest first. */
  List<Held<EventDocument>> after(long revision) {
    return new ArrayList<>(trail.tailMap(new Place(revision + 1, "")).values());
  }

  int size() {
    return trail.size();
  }
}
