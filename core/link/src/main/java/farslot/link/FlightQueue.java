package farslot.link;

/**
 * The DATA frames that went over one rail, in the order in which they did. A rail keeps its order,
 * so what was sent before a frame that has arrived, and has not arrived itself, is lost.
 */
final class FlightQueue {
  private static final int CAPACITY = 2 * ReplayRing.FRAMES_MAX;
  private static final int MASK = CAPACITY - 1;
  private final int[] seqs = new int[CAPACITY];
  private int first;
  private int next;

  /** Its frame is the next one; returns the place that it gets, a number that wraps. */
  int add(int seq) {
    assert !isFull();
    seqs[next & MASK] = seq;
    return next++;
  }

  boolean isEmpty() {
    return first == next;
  }

  boolean isFull() {
    return next - first == CAPACITY;
  }

  /** The place that the next frame gets. */
  int next() {
    return next;
  }

  /** The place of the oldest that is kept. */
  int first() {
    return first;
  }

  /** The frame at {@link #first}. */
  int firstSeq() {
    return seqs[first & MASK];
  }

  void removeFirst() {
    first++;
  }
}
