package farslot.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened: a hash of all of it, and the words if somebody wants to read them. The same seed
 * gives the same hash, or the simulator is not deterministic.
 */
public final class Trace {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** Lines kept, the last ones: enough for a shortest trace. */
  private static final int LINES_MAX = 20_000;

  private final boolean spoken;
  private final List<String> lines = new ArrayList<>();
  private long nowNs;
  private long hash = PRIME;

  /**
   * @param spoken whether words are kept
   */
  public Trace(boolean spoken) {
    this.spoken = spoken;
  }

  void now(long ns) {
    nowNs = ns;
  }

  public long nowNs() {
    return nowNs;
  }

  public long hash() {
    return hash;
  }

  public boolean isSpoken() {
    return spoken;
  }

  public List<String> lines() {
    return lines;
  }

  /** Something that happens often: only its numbers. */
  public void count(long what, long more) {
    mix(nowNs);
    mix(what);
    mix(more);
  }

  /** Something worth a line. */
  public void say(String who, String what) {
    count(who.hashCode(), what.hashCode());
    if (spoken) {
      if (lines.size() == LINES_MAX) {
        lines.subList(0, LINES_MAX / 2).clear();
      }
      lines.add("%12.3f ms  %-6s %s".formatted(nowNs / 1e6, who, what));
    }
  }

  private void mix(long value) {
    hash = Long.rotateLeft((hash ^ value) * PRIME, 29);
  }
}
