package farslot.store;

import java.util.List;

/**
 * Changes of one revision or of several, each as a whole.
 *
 * @param revision all up to this one has been told now
 */
public record WatchBatch(long revision, List<Event> events) {
  public WatchBatch {
    events = List.copyOf(events);
  }
}
