package farslot.capture;

/**
 * Which DATA frames of one direction were seen already, so that a replayed one counts once: the
 * highest number and a window below it.
 */
final class SeenFrames {
  private static final int WINDOW = 64;
  private boolean any;
  private int highest;

  /** Bit n: highest - n. */
  private long seen;

  /** Whether this is the first time; numbers far below the highest count as seen. */
  boolean first(int seq) {
    int ahead = seq - highest;
    if (!any || ahead > 0) {
      seen = !any || ahead >= WINDOW ? 1 : seen << ahead | 1;
      any = true;
      highest = seq;
      return true;
    }
    if (-ahead >= WINDOW || ahead > 0) {
      return false;
    }
    long bit = 1L << -ahead;
    boolean first = (seen & bit) == 0;
    seen |= bit;
    return first;
  }
}
