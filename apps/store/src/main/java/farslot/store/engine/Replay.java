package farslot.store.engine;

import farslot.store.Event;
import java.util.ArrayList;
import java.util.List;

/** Makes a state of what was recorded: a snapshot, and then what followed. */
public final class Replay {
  private final State state;
  private boolean begun;
  private boolean complete;

  /**
   * @param state a new one
   */
  public Replay(State state) {
    this.state = state;
  }

  /** Whether the snapshot has been read to its end. */
  public boolean complete() {
    return complete;
  }

  /**
   * Takes the next entry.
   *
   * @return what is wrong with it at this place, in words; "" if nothing
   */
  public String take(Entry entry) {
    if (!begun && !(entry instanceof Entry.Base)) {
      return "it does not begin as a snapshot does";
    }
    return switch (entry) {
      case Entry.Base base -> begin(base);
      case Entry.Existing existing -> {
        state.keyspace().load(existing.item());
        yield complete ? "a key of a snapshot behind its end" : "";
      }
      case Entry.Revised revised -> revise(revised);
      case Entry.Granted granted -> {
        state.leases().add(granted.lease(), granted.ttlNs(), state.time().nowNs());
        yield "";
      }
      case Entry.Revoked revoked -> {
        state.leases().remove(revoked.lease());
        yield "";
      }
      case Entry.Compacted compacted -> compact(compacted.revision());
      case Entry.End end -> end(end);
    };
  }

  private String begin(Entry.Base base) {
    if (begun) {
      return "a second snapshot";
    }
    begun = true;
    state.history().begin(base.revision());
    state.leases().lastId(base.lastLease());
    return "";
  }

  private String revise(Entry.Revised revised) {
    long expected = state.history().last() + 1;
    if (revised.revision() != expected) {
      return "revision %d follows, where %d should".formatted(revised.revision(), expected);
    }
    List<Step> steps = new ArrayList<>();
    for (Event event : revised.events()) {
      steps.add(state.keyspace().apply(event));
    }
    state.history().add(expected, steps);
    return "";
  }

  private String compact(long revision) {
    if (revision > state.history().last()) {
      return "it forgets revision " + revision + ", which is not there";
    }
    while (state.history().compacted() < revision) {
      state.history().forgetFirst();
    }
    return "";
  }

  private String end(Entry.End end) {
    complete = true;
    boolean right =
        end.revision() == state.history().last() && end.keys() == state.keyspace().size();
    return right
        ? ""
        : "it ends with revision %d and %d keys, and holds revision %d and %d keys"
            .formatted(end.revision(), end.keys(), state.history().last(), state.keyspace().size());
  }

  /** All has been read: the state can be used. */
  public void finish() {
    assert complete : "no snapshot";
    state.restored();
  }
}
