package farslot.link;

import java.util.Arrays;

/**
 * Some of the DATA frames in a window of {@link #FRAMES_MAX}, by their numbers. Numbers further
 * apart than that must not be in it at the same time.
 */
final class FrameSet {
  /** A power of two. */
  static final int FRAMES_MAX = ReplayRing.FRAMES_MAX;

  private static final int MASK = FRAMES_MAX - 1;
  private final long[] words = new long[FRAMES_MAX / Long.SIZE];
  private int size;

  boolean has(int seq) {
    return (words[(seq & MASK) >> 6] & 1L << seq) != 0;
  }

  int size() {
    return size;
  }

  /** Says whether it was not there. */
  boolean add(int seq) {
    if (has(seq)) {
      return false;
    }
    words[(seq & MASK) >> 6] |= 1L << seq;
    size++;
    return true;
  }

  /** Says whether it was there. */
  boolean remove(int seq) {
    if (!has(seq)) {
      return false;
    }
    words[(seq & MASK) >> 6] &= ~(1L << seq);
    size--;
    return true;
  }

  void clear() {
    Arrays.fill(words, 0);
    size = 0;
  }

  /** The first from {@code from} on that is there, or {@code end} if none is before that. */
  int firstIn(int from, int end) {
    return scan(from, end, 0);
  }

  /** The first from {@code from} on that is missing, or {@code end} if none is before that. */
  int firstNotIn(int from, int end) {
    return scan(from, end, -1L);
  }

  private int scan(int from, int end, long flip) {
    int seq = from;
    while (Seq.before(seq, end)) {
      long left = (words[(seq & MASK) >> 6] ^ flip) >>> seq;
      if (left != 0) {
        seq += Long.numberOfTrailingZeros(left);
        return Seq.before(seq, end) ? seq : end;
      }
      seq += Long.SIZE - (seq & Long.SIZE - 1);
    }
    return end;
  }

  /** Which of the 32 from {@code from} on are there; bit 0 is {@code from}. */
  int bits(int from) {
    int at = (from & MASK) >> 6;
    long low = words[at] >>> from;
    int rest = from & Long.SIZE - 1;
    long high = rest == 0 ? 0 : words[at + 1 & words.length - 1] << Long.SIZE - rest;
    return (int) (low | high);
  }
}
