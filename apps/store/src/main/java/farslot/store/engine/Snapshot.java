package farslot.store.engine;

import farslot.store.Event;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import java.io.IOException;
import java.util.List;

/**
 * A state as entries, from which {@link Replay} makes the same again: how it was where its history
 * begins, the history, and the leases.
 */
public final class Snapshot {
  /** Where entries go. */
  public interface Sink {
    void take(Entry entry) throws IOException;
  }

  private Snapshot() {}

  /**
   * Gives all entries of a state.
   *
   * @param state with nothing staged
   */
  public static void write(State state, Sink sink) throws IOException {
    assert state.stagedBytes() == 0 : "something is staged";
    History history = state.history();
    sink.take(new Entry.Base(history.compacted(), state.leases().lastId()));
    for (KeyValue item : state.past().at(KeyRange.all(), history.compacted())) {
      sink.take(new Entry.Existing(item));
    }
    for (long each = history.compacted() + 1; each <= history.last(); each++) {
      List<Event> events = history.steps(each).stream().map(Step::event).toList();
      sink.take(new Entry.Revised(each, events));
    }
    for (LeaseTable.Held held : state.leases().all()) {
      sink.take(new Entry.Granted(held.id, held.ttlNs));
    }
    sink.take(new Entry.End(history.last(), state.keyspace().size()));
  }
}
