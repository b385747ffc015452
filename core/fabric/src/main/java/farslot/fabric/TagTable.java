package farslot.fabric;

import java.util.Arrays;

/**
 * Which request each tag stands for. A tag is taken again only after its last completion has come,
 * or after a reset that no completion can have survived: a late one is thus known for what it is
 * and never taken for the answer to something newer. Free tags queue up, so that the one that has
 * rested longest goes next.
 */
final class TagTable {
  /** Tags that every completer handles; more need 10-Bit Tag Completer Supported (2.2.6.2). */
  static final int BASIC_COUNT = 256;

  static final int COUNT_MAX = 1024;

  private static final byte FREE = 0;
  private static final byte ACTIVE = 1;

  /** Answered with all-ones; its completion may still come. */
  private static final byte ABANDONED = 2;

  /** The card asked to be asked again (RRS); nothing is under way. */
  private static final byte RETRY = 3;

  private byte[] state = new byte[BASIC_COUNT];
  private Access[] owner = new Access[BASIC_COUNT];
  private short[] at = new short[BASIC_COUNT];
  private short[] bytes = new short[BASIC_COUNT];
  private short[] received = new short[BASIC_COUNT];
  private short[] free = new short[BASIC_COUNT];
  private int count;
  private boolean wide;
  private int freeHead;
  private int freeCount;
  private int retries;

  TagTable() {
    restart();
  }

  /** A new session: nothing of the old one can arrive. */
  void restart() {
    Arrays.fill(state, FREE);
    Arrays.fill(owner, null);
    count = BASIC_COUNT;
    wide = false;
    freeHead = 0;
    freeCount = 0;
    retries = 0;
    for (int tag = 0; tag < BASIC_COUNT; tag++) {
      release(tag);
    }
  }

  /** The card takes 10-bit tags: there are 1024 then. */
  void widen() {
    wide = true;
  }

  /** Whether there is a free tag. Those beyond the basic ones are made when they are needed. */
  boolean available() {
    if (freeCount == 0 && wide && count < COUNT_MAX) {
      grow();
    }
    return freeCount > 0;
  }

  private void grow() {
    if (state.length < COUNT_MAX) {
      state = Arrays.copyOf(state, COUNT_MAX);
      owner = Arrays.copyOf(owner, COUNT_MAX);
      at = Arrays.copyOf(at, COUNT_MAX);
      bytes = Arrays.copyOf(bytes, COUNT_MAX);
      received = Arrays.copyOf(received, COUNT_MAX);
      free = new short[COUNT_MAX]; // All are taken.
    }
    freeHead = 0;
    int from = count;
    count = COUNT_MAX;
    for (int tag = from; tag < COUNT_MAX; tag++) {
      release(tag);
    }
  }

  /** Takes a tag for a piece of an access. */
  int take(Access access, int pieceAt, int pieceBytes) {
    int tag = free[freeHead];
    freeHead = freeHead + 1 & free.length - 1;
    freeCount--;
    state[tag] = ACTIVE;
    owner[tag] = access;
    at[tag] = (short) pieceAt;
    bytes[tag] = (short) pieceBytes;
    received[tag] = 0;
    return tag;
  }

  boolean active(int tag) {
    return tag < count && state[tag] == ACTIVE;
  }

  boolean abandoned(int tag) {
    return tag < count && state[tag] == ABANDONED;
  }

  Access owner(int tag) {
    return owner[tag];
  }

  /** Where the piece begins in its access. */
  int at(int tag) {
    return at[tag];
  }

  int bytes(int tag) {
    return bytes[tag];
  }

  int received(int tag) {
    return received[tag];
  }

  void received(int tag, int more) {
    received[tag] += (short) more;
  }

  /** The last completion is here. */
  void release(int tag) {
    state[tag] = FREE;
    owner[tag] = null;
    free[freeHead + freeCount & free.length - 1] = (short) tag;
    freeCount++;
  }

  void retryLater(int tag) {
    state[tag] = RETRY;
    retries++;
  }

  /** A tag that waits to be asked again, or -1. */
  int nextRetry() {
    for (int tag = 0; retries > 0 && tag < count; tag++) {
      if (state[tag] == RETRY) {
        return tag;
      }
    }
    return -1;
  }

  void retried(int tag) {
    state[tag] = ACTIVE;
    retries--;
  }

  /** The access has been answered without the card. */
  void abandon(Access access) {
    for (int tag = 0; tag < count; tag++) {
      if (owner[tag] == access) {
        if (state[tag] == RETRY) {
          retries--;
          release(tag);
        } else {
          state[tag] = ABANDONED;
          owner[tag] = null;
        }
      }
    }
  }

  /** The card was reset and has answered since: what was asked before will not be answered. */
  void forgetAbandoned() {
    for (int tag = 0; tag < count; tag++) {
      if (state[tag] == ABANDONED) {
        release(tag);
      }
    }
  }
}
