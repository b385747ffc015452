package farslot.store;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a store should do, as plainly as can be: every state that ever was, as a map of its own.
 * Leases are numbers here; whether they live is the test's business.
 */
public final class Model {
  private final List<TreeMap<String, KeyValue>> states = new ArrayList<>();
  private final List<List<Event>> events = new ArrayList<>();
  private long compacted;

  public Model() {
    states.add(new TreeMap<>());
    events.add(List.of());
  }

  public Model(Model other) {
    states.addAll(other.states);
    events.addAll(other.events);
    compacted = other.compacted;
  }

  public long revision() {
    return states.size() - 1;
  }

  public long compacted() {
    return compacted;
  }

  public void compact(long revision) {
    compacted = Math.max(compacted, revision);
  }

  public TreeMap<String, KeyValue> state(long revision) {
    return states.get((int) revision);
  }

  public List<KeyValue> items(KeyRange range, long revision) {
    return state(revision).values().stream().filter(each -> range.contains(each.key())).toList();
  }

  /** All events of a range from a revision on. */
  public List<Event> eventsFrom(KeyRange range, long revision) {
    return events.stream()
        .skip(revision)
        .flatMap(List::stream)
        .filter(each -> range.contains(each.key()))
        .toList();
  }

  public TransactionResult commit(Transaction transaction) {
    TreeMap<String, KeyValue> next = new TreeMap<>(states.getLast());
    boolean holds = true;
    for (Compare compare : transaction.compares()) {
      holds &= holds(next, compare);
    }
    long revision = revision() + 1;
    List<Event> changes = new ArrayList<>();
    List<ActionResult> results = new ArrayList<>();
    for (Action action : holds ? transaction.then() : transaction.otherwise()) {
      results.add(perform(action, next, revision, changes));
    }
    long after = changes.isEmpty() ? revision - 1 : revision;
    results.replaceAll(
        each ->
            each instanceof ActionResult.Got(RangeResult range)
                ? new ActionResult.Got(new RangeResult(after, range.items(), range.more()))
                : each);
    add(next, changes);
    return new TransactionResult(holds, after, results);
  }

  /** The end of a lease. */
  public void end(long lease) {
    TreeMap<String, KeyValue> next = new TreeMap<>(states.getLast());
    long revision = revision() + 1;
    List<Event> changes = new ArrayList<>();
    for (KeyValue each : states.getLast().values()) {
      if (each.lease() == lease) {
        next.remove(each.key());
        changes.add(new Event.Delete(each.key(), revision));
      }
    }
    add(next, changes);
  }

  private void add(TreeMap<String, KeyValue> next, List<Event> changes) {
    if (!changes.isEmpty()) {
      states.add(next);
      events.add(List.copyOf(changes));
    }
  }

  private static ActionResult perform(
      Action action, TreeMap<String, KeyValue> next, long revision, List<Event> changes) {
    switch (action) {
      case Action.Put(String key, Bytes value, long lease) -> {
        KeyValue old = next.get(key);
        KeyValue item =
            old == null
                ? new KeyValue(key, value, revision, revision, 1, lease)
                : new KeyValue(
                    key, value, old.createRevision(), revision, old.version() + 1, lease);
        next.put(key, item);
        changes.add(new Event.Put(item));
        return new ActionResult.Done();
      }
      case Action.Delete(KeyRange range) -> {
        List<String> keys = next.keySet().stream().filter(range::contains).toList();
        keys.forEach(next::remove);
        keys.forEach(key -> changes.add(new Event.Delete(key, revision)));
        return new ActionResult.Deleted(keys.size());
      }
      case Action.Get(KeyRange range) -> {
        List<KeyValue> items =
            next.values().stream().filter(each -> range.contains(each.key())).toList();
        return new ActionResult.Got(new RangeResult(0, items, false));
      }
    }
  }

  private static boolean holds(TreeMap<String, KeyValue> state, Compare compare) {
    KeyValue item = state.get(compare.key());
    if (compare instanceof Compare.OfValue(String key, Compare.Relation relation, Bytes value)) {
      return item != null && related(item.value().compareTo(value), relation);
    }
    Compare.OfCount of = (Compare.OfCount) compare;
    long there =
        item == null
            ? 0
            : switch (of.count()) {
              case CREATE_REVISION -> item.createRevision();
              case MOD_REVISION -> item.modRevision();
              case VERSION -> item.version();
              case LEASE -> item.lease();
            };
    return related(Long.compare(there, of.number()), of.relation());
  }

  private static boolean related(int order, Compare.Relation relation) {
    return switch (relation) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case GREATER -> order > 0;
    };
  }
}
