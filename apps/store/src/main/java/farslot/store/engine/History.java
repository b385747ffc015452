package farslot.store.engine;

import java.util.List;

/** The last revisions' changes, without a gap, each with what was there before. */
final class History {
  private static final int FIRST_ROOM = 64;

  /** A ring; a revision is at its number modulo the length, a power of two. */
  private Change[] ring = new Change[FIRST_ROOM];

  /** All up to this one are forgotten. */
  private long compacted;

  private long last;
  private long bytes;

  private record Change(List<Step> steps, long bytes) {}

  /** Begins behind a revision. */
  void begin(long revision) {
    assert size() == 0 : "has revisions already";
    compacted = revision;
    last = revision;
  }

  long compacted() {
    return compacted;
  }

  long last() {
    return last;
  }

  int size() {
    return (int) (last - compacted);
  }

  long bytes() {
    return bytes;
  }

  /** The changes of a revision that is not forgotten. */
  List<Step> steps(long revision) {
    assert revision > compacted && revision <= last : revision;
    return ring[slot(revision)].steps();
  }

  void add(long revision, List<Step> steps) {
    assert revision == last + 1 : revision + " after " + last;
    if (size() == ring.length) {
      grow();
    }
    Change change = new Change(List.copyOf(steps), steps.stream().mapToLong(Step::bytes).sum());
    last = revision;
    ring[slot(revision)] = change;
    bytes += change.bytes();
  }

  /** Takes the last one away. */
  List<Step> removeLast() {
    List<Step> steps = steps(last);
    clear(last);
    last--;
    return steps;
  }

  /** Forgets one revision more. */
  void forgetFirst() {
    compacted++;
    clear(compacted);
  }

  private void clear(long revision) {
    bytes -= ring[slot(revision)].bytes();
    ring[slot(revision)] = null;
  }

  private int slot(long revision) {
    return (int) (revision & (ring.length - 1));
  }

  private void grow() {
    Change[] old = ring;
    ring = new Change[old.length * 2];
    for (long each = compacted + 1; each <= last; each++) {
      ring[slot(each)] = old[(int) (each & (old.length - 1))];
    }
  }
}
