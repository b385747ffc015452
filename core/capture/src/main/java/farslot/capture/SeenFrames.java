package farslot.capture;

import java.util.Arrays;

/**
 * Which DATA frames of one direction were seen already, so that one that is sent again counts once:
 * the highest number and a window below it, as wide as frames can overtake each other.
 */
final class SeenFrames {
  /** reorderFrames is a field of 16 bits: no end keeps more that came early. */
  static final int WINDOW = 1 << 16;

  /** Bit n modulo the window: frame n. */
  private final long[] seen = new long[WINDOW / Long.SIZE];

  private boolean any;
  private int highest;

  /** Whether this is the first time; numbers far below the highest count as seen. */
  boolean first(int seq) {
    int ahead = seq - highest;
    if (!any || ahead >= WINDOW) {
      Arrays.fill(seen, 0);
      any = true;
      highest = seq;
    } else if (ahead > 0) {
      advance(seq);
    } else if (ahead <= -WINDOW) {
      return false;
    }
    int word = (seq & WINDOW - 1) / Long.SIZE;
    boolean first = (seen[word] & 1L << seq) == 0;
    seen[word] |= 1L << seq;
    return first;
  }

  /** Whether this one was seen; one far below the highest counts as seen. */
  boolean has(int seq) {
    int ahead = seq - highest;
    return any
        && ahead <= 0
        && (ahead <= -WINDOW || (seen[(seq & WINDOW - 1) / Long.SIZE] & 1L << seq) != 0);
  }

  /** Frames that leave the window make room for those that enter it. */
  private void advance(int to) {
    while (highest != to) {
      highest++;
      seen[(highest & WINDOW - 1) / Long.SIZE] &= ~(1L << highest);
    }
  }
}
