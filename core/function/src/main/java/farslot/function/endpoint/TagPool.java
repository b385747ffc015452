package farslot.function.endpoint;

import java.util.Arrays;

/**
 * Free tags of a requester, handed out in turn: the tag that has rested longest comes first, so
 * that a completion which is very late finds its tag idle rather than in somebody else's use.
 */
final class TagPool {
  private short[] ring = {};
  private boolean[] taken = {};
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
    if (end > taken.length) {
      int room = Integer.highestOneBit(end - 1) << 1;
      ring = new short[room];
      taken = Arrays.copyOf(taken, room);
    }
    head = 0;
    free = 0;
    for (int tag = first; tag < end; tag++) {
      if (!taken[tag]) {
        ring[free++] = (short) tag;
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
    return tag < taken.length && taken[tag];
  }

  int take() {
    assert free > 0;
    int tag = ring[head];
    head = head + 1 & ring.length - 1;
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
      ring[head + free & ring.length - 1] = (short) tag;
      free++;
    }
  }
}
