package farslot.store.engine;

import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** How it was: what is there, with the changes since taken back. */
final class Past {
  private final Keyspace keyspace;
  private final History history;

  Past(Keyspace keyspace, History history) {
    this.keyspace = keyspace;
    this.history = history;
  }

  /**
   * @param revision one that is not forgotten
   */
  RangeResult read(RangeRequest request, long revision) {
    List<KeyValue> items = new ArrayList<>();
    Iterator<KeyValue> all = at(request.range(), revision).iterator();
    while (all.hasNext() && items.size() < request.limit()) {
      items.add(all.next());
    }
    return new RangeResult(revision, items, all.hasNext());
  }

  /** All of a range as it was, in order. */
  Iterable<KeyValue> at(KeyRange range, long revision) {
    NavigableMap<String, KeyValue> now = keyspace.in(range);
    if (revision == history.last()) {
      return now.values();
    }
    NavigableMap<String, Optional<KeyValue>> then = changedSince(range, revision);
    return then.isEmpty() ? now.values() : merged(now, then);
  }

  /** What was there, for each key that has changed since: the oldest change says it last. */
  private NavigableMap<String, Optional<KeyValue>> changedSince(KeyRange range, long revision) {
    NavigableMap<String, Optional<KeyValue>> then = new TreeMap<>();
    for (long each = history.last(); each > revision; each--) {
      for (Step step : history.steps(each)) {
        if (range.contains(step.event().key())) {
          then.put(step.event().key(), Optional.ofNullable(step.previous()));
        }
      }
    }
    return then;
  }

  private static Iterable<KeyValue> merged(
      Map<String, KeyValue> now, NavigableMap<String, Optional<KeyValue>> then) {
    NavigableMap<String, KeyValue> all = new TreeMap<>(now);
    then.forEach(
        (key, item) -> {
          all.remove(key);
          item.ifPresent(each -> all.put(key, each));
        });
    return all.values();
  }
}
