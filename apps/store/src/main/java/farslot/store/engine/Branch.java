package farslot.store.engine;

import farslot.store.Action;
import farslot.store.ActionResult;
import farslot.store.Compare;
import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeResult;
import farslot.store.StoreException;
import farslot.store.StoreLimitException;
import farslot.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Does what a transaction asks for, as one revision to be. */
final class Branch {
  private final Keyspace keyspace;
  private final long revision;
  private final List<Step> steps = new ArrayList<>();
  private final List<ActionResult> results = new ArrayList<>();

  /**
   * @param revision the one that its changes will have
   */
  Branch(Keyspace keyspace, long revision) {
    this.keyspace = keyspace;
    this.revision = revision;
  }

  static boolean holds(Keyspace keyspace, Compare compare) {
    KeyValue item = keyspace.get(compare.key());
    return switch (compare) {
      case Compare.OfValue wanted ->
          item != null && wanted.relation().holds(item.value().compareTo(wanted.value()));
      case Compare.OfCount wanted ->
          wanted.relation().holds(Long.compare(count(item, wanted.count()), wanted.number()));
    };
  }

  private static long count(KeyValue item, Compare.Count which) {
    if (item == null) {
      return 0;
    }
    return switch (which) {
      case CREATE_REVISION -> item.createRevision();
      case MOD_REVISION -> item.modRevision();
      case VERSION -> item.version();
      case LEASE -> item.lease();
    };
  }

  List<Step> steps() {
    return steps;
  }

  /** What came of each action; what was read has the revision that the transaction has. */
  List<ActionResult> results() {
    long after = steps.isEmpty() ? revision - 1 : revision;
    return results.stream()
        .map(each -> each instanceof ActionResult.Got got ? at(after, got) : each)
        .toList();
  }

  private static ActionResult at(long revision, ActionResult.Got got) {
    return new ActionResult.Got(new RangeResult(revision, got.range().items(), got.range().more()));
  }

  /** Does one action. What it did before it failed is among the {@link #steps}. */
  void perform(Action action) throws StoreException {
    switch (action) {
      case Action.Put put -> put(put);
      case Action.Delete delete -> delete(delete.range());
      case Action.Get get -> results.add(new ActionResult.Got(read(get.range())));
    }
  }

  private void put(Action.Put put) throws StoreException {
    KeyValue previous = keyspace.get(put.key());
    long createRevision = previous == null ? revision : previous.createRevision();
    long version = previous == null ? 1 : previous.version() + 1;
    KeyValue item =
        new KeyValue(put.key(), put.value(), createRevision, revision, version, put.lease());
    keyspace.requireRoom(item);
    change(new Event.Put(item));
    results.add(new ActionResult.Done());
  }

  private void delete(KeyRange range) throws StoreException {
    List<String> keys = List.copyOf(keyspace.in(range).keySet());
    for (String key : keys) {
      change(new Event.Delete(key, revision));
    }
    results.add(new ActionResult.Deleted(keys.size()));
  }

  /** Changes a key that this branch has not changed. */
  void change(Event event) throws StoreLimitException {
    if (steps.size() >= StoreLimits.CHANGES_MAX) {
      throw new StoreLimitException(
          "a transaction changes at most %d keys: make several".formatted(StoreLimits.CHANGES_MAX));
    }
    steps.add(keyspace.apply(event));
  }

  private RangeResult read(KeyRange range) {
    NavigableMap<String, KeyValue> all = keyspace.in(range);
    List<KeyValue> items = all.values().stream().limit(StoreLimits.RANGE_KEYS_MAX).toList();
    boolean more = items.size() == StoreLimits.RANGE_KEYS_MAX && all.size() > items.size();
    return new RangeResult(revision, items, more);
  }

  void undo() {
    steps.reversed().forEach(keyspace::undo);
  }
}
