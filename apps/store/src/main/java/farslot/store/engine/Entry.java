package farslot.store.engine;

import farslot.store.Event;
import farslot.store.KeyValue;
import java.util.List;

/** What is recorded: effects, not wishes, so that reading a log needs no judgement. */
public sealed interface Entry {
  /** One revision's changes, in order. */
  record Revised(long revision, List<Event> events) implements Entry {
    public Revised {
      events = List.copyOf(events);
    }
  }

  /** A lease begins. */
  record Granted(long lease, long ttlNs) implements Entry {}

  /** A lease ends. What was under it goes by a revision of its own, recorded before. */
  record Revoked(long lease) implements Entry {}

  /** What was before this revision is forgotten. */
  record Compacted(long revision) implements Entry {}

  /**
   * A snapshot begins: what follows is how it was at this revision.
   *
   * @param lastLease the highest lease ever given out
   */
  record Base(long revision, long lastLease) implements Entry {}

  /** A key that was there at the snapshot's {@link Base}. */
  record Existing(KeyValue item) implements Entry {}

  /**
   * A snapshot is complete.
   *
   * @param revision the last one, after the revisions since its base
   * @param keys how many are there then
   */
  record End(long revision, int keys) implements Entry {}
}
