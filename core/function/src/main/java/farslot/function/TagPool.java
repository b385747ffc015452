package farslot.function;

import farslot.pcie.TlpLimits;

/**
 * Free tags of a requester, handed out in turn: the tag that has rested longest comes first, so
 * that a completion which is very late finds its tag idle rather than in somebody else's use.
 */
final class TagPool {
  private final int[] ring = new int[TlpLimits.TAG_COUNT];
  private final boolean[] taken = new boolean[TlpLimits.TAG_COUNT];
  private int head;
  private int free;
  private int first;
  private int end;
  private int takenCount;

  /** Which tags may be used from now on; those outside that are taken simply do not come back. */
  void range(int newFirst, int count) {
    if (first == newFirst && end == newFirst + count) {
      return;
    }
    first = newFirst;
    end = newFirst + count;
    head = 0;
    free = 0;
    for (int tag = first; tag < end; tag++) {
      if (!taken[tag]) {
        ring[free++] = tag;
      }
    }
  }

  boolean isEmpty() {
    return free == 0;
  }

  /** Tags in use. */
  int takenCount() {
    return takenCount;
  }

  boolean isTaken(int tag) {
    return taken[tag];
  }

  int take() {
    assert free > 0;
    int tag = ring[head];
    head = head + 1 & TlpLimits.TAG_COUNT - 1;
    free--;
    taken[tag] = true;
    takenCount++;
    return tag;
  }

  void give(int tag) {
    assert taken[tag];
    taken[tag] = false;
    takenCount--;
    if (tag >= first && tag < end) {
      ring[head + free & TlpLimits.TAG_COUNT - 1] = tag;
      free++;
    }
  }
}
