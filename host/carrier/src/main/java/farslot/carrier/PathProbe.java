package farslot.carrier;

import farslot.link.Discover;
import farslot.linux.MacAddress;
import java.util.TreeSet;

/**
 * Finds the longest frame that comes through to a station and back, by asking it in several lengths
 * at once: what an interface's MTU promises, a switch on the way need not keep.
 */
final class PathProbe {
  /** How often lengths are asked that are not answered, before a shorter one is taken. */
  private static final int ROUNDS = 3;

  /** MTUs that are usual in networks. */
  private static final int[] USUAL_MTUS = {9000, 4000, 1500};

  private final EthernetScout scout;
  private final MacAddress station;
  private final TreeSet<Integer> lengths = new TreeSet<>();
  private int top;
  private int best;
  private int rounds;

  /**
   * @param frameBytesMax longest frame that this end's interface takes
   */
  PathProbe(EthernetScout scout, MacAddress station, int frameBytesMax) {
    this.scout = scout;
    this.station = station;
    top = frameBytesMax;
    for (int mtu : USUAL_MTUS) {
      lengths.add(EthernetFormat.frameBytesMax(mtu));
    }
    lengths.add(Discover.FRAME_BYTES_LEAST);
    lengths.add(top);
  }

  MacAddress station() {
    return station;
  }

  /** Asks for what is longer than what has come through. */
  void ask() {
    rounds++;
    for (int length : lengths.subSet(best + 1, top + 1)) {
      scout.ask(station, length);
    }
  }

  /** The station says what its own interface takes; asks for just that, if it is news. */
  void limit(int frameBytesMax) {
    int theirs = frameBytesMax & ~3;
    if (theirs < top && theirs >= Discover.FRAME_BYTES_LEAST) {
      top = theirs;
      if (lengths.add(theirs) && rounds > 0) {
        scout.ask(station, theirs);
      }
    }
  }

  /** Frames of this length have come through. */
  void answered(int frameBytes) {
    best = Math.max(best, frameBytes);
  }

  /** Whether the longest has come through, so that there is nothing more to find. */
  boolean complete() {
    return best >= top;
  }

  /** Whether what has not come through by now is not waited for; asked when it is time to ask. */
  boolean settled() {
    return complete() || rounds >= ROUNDS && best >= EthernetFormat.FRAME_BYTES_LEAST;
  }

  /** Longest frame that came through, 0 before any. */
  int frameBytes() {
    return Math.min(best, top);
  }
}
