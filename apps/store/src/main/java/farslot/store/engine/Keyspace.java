package farslot.store.engine;

import farslot.store.Capacity;
import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.StoreLimitException;
import farslot.store.StoreLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys that are there, by name and by lease. */
final class Keyspace {
  private final Capacity capacity;
  private final NavigableMap<String, KeyValue> items = new TreeMap<>();
  private final Map<Long, NavigableSet<String>> underLease = new HashMap<>();
  private long bytes;

  Keyspace(Capacity capacity) {
    this.capacity = capacity;
  }

  static long bytes(KeyValue item) {
    return item.key().length() + (long) item.value().length();
  }

  int size() {
    return items.size();
  }

  KeyValue get(String key) {
    return items.get(key);
  }

  NavigableMap<String, KeyValue> in(KeyRange range) {
    return range.end().isEmpty()
        ? items.tailMap(range.from(), true)
        : items.subMap(range.from(), true, range.end(), false);
  }

  List<String> under(long lease) {
    return List.copyOf(underLease.getOrDefault(lease, new TreeSet<>()));
  }

  /** Refuses what would not fit. What makes the store smaller is never refused. */
  void requireRoom(KeyValue item) throws StoreLimitException {
    KeyValue previous = items.get(item.key());
    if (previous == null && items.size() >= capacity.keysMax()) {
      throw new StoreLimitException(
          "the store has %d keys, as many as it may have: delete some, or raise its limit"
              .formatted(items.size()));
    }
    long growth = bytes(item) - (previous == null ? 0 : bytes(previous));
    if (growth > 0 && bytes + growth > capacity.bytesMax()) {
      throw new StoreLimitException(
          "the store has %d bytes and may have %d: delete something, or raise its limit"
              .formatted(bytes, capacity.bytesMax()));
    }
    boolean moves = previous == null || previous.lease() != item.lease();
    NavigableSet<String> others = underLease.get(item.lease());
    if (moves && others != null && others.size() >= StoreLimits.CHANGES_MAX) {
      throw new StoreLimitException(
          "lease %d has %d keys, as many as go at once: use another lease"
              .formatted(item.lease(), others.size()));
    }
  }

  /** Changes a key, and says how to take that back. */
  Step apply(Event event) {
    KeyValue previous =
        switch (event) {
          case Event.Put put -> set(put.key(), put.item());
          case Event.Delete delete -> set(delete.key(), null);
        };
    return new Step(event, previous);
  }

  void undo(Step step) {
    set(step.event().key(), step.previous());
  }

  /** Puts what is there from before all that is recorded. */
  void load(KeyValue item) {
    set(item.key(), item);
  }

  private KeyValue set(String key, KeyValue item) {
    KeyValue previous = item == null ? items.remove(key) : items.put(key, item);
    if (previous != null) {
      bytes -= bytes(previous);
      detach(previous);
    }
    if (item != null) {
      bytes += bytes(item);
      attach(item);
    }
    return previous;
  }

  private void attach(KeyValue item) {
    if (item.lease() != 0) {
      underLease.computeIfAbsent(item.lease(), id -> new TreeSet<>()).add(item.key());
    }
  }

  private void detach(KeyValue item) {
    NavigableSet<String> keys = underLease.get(item.lease());
    if (keys != null) {
      keys.remove(item.key());
      if (keys.isEmpty()) {
        underLease.remove(item.lease());
      }
    }
  }

  int countUnder(long lease) {
    NavigableSet<String> keys = underLease.get(lease);
    return keys == null ? 0 : keys.size();
  }
}
