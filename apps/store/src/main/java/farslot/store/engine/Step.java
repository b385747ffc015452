package farslot.store.engine;

import farslot.store.Event;
import farslot.store.KeyValue;

/**
 * A change that can be taken back.
 *
 * @param previous what was there before; null if nothing
 */
record Step(Event event, KeyValue previous) {
  /** What keeping it costs: names and values. */
  long bytes() {
    long before = previous == null ? 0 : Keyspace.bytes(previous);
    return before + (event instanceof Event.Put put ? Keyspace.bytes(put.item()) : 0);
  }
}
