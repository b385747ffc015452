package farslot.bench.hops;

import farslot.capture.FrameRing;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * When frames with something for a card or a server left one end and arrived at the other, by the
 * arriving end's capture: a frame tells itself when it was sent. Both ends' clocks are the same
 * here.
 */
final class FramesSeen implements FrameRing.Reader {
  private static final int MORE = 1024;

  private final FrameView frame = new FrameView();
  private long[] timesNs = new long[2 * MORE];
  private int count;
  private int lost;

  /** Reads all that is in a ring. */
  static FramesSeen in(FrameRing ring) {
    FramesSeen seen = new FramesSeen();
    ring.poll(seen, Integer.MAX_VALUE);
    return seen;
  }

  @Override
  public void onRail(int rail, String name) {}

  @Override
  public void onFrame(
      int rail,
      boolean inbound,
      long timeNs,
      int lostBefore,
      MemorySegment segment,
      long offset,
      int bytes) {
    lost += lostBefore;
    frame.wrap(segment, offset);
    if (!inbound || frame.type() != FrameFormat.DATA || !carries()) {
      return;
    }
    if (2 * count == timesNs.length) {
      timesNs = Arrays.copyOf(timesNs, timesNs.length + 2 * MORE);
    }
    timesNs[2 * count] = sentNs(frame.txTime(), timeNs);
    timesNs[2 * count + 1] = timeNs;
    count++;
  }

  /** Whether there is more in it than room for more. */
  private boolean carries() {
    while (frame.nextRecord()) {
      if (frame.kind() != FrameFormat.CREDIT) {
        return true;
      }
    }
    return false;
  }

  /** The whole time stamp: its upper bits are those of the arrival, a moment later. */
  static long sentNs(int txTime, long arrivedNs) {
    long units = arrivedNs >>> FrameFormat.TIME_SHIFT;
    return arrivedNs - (((units - txTime) & 0xFFFF_FFFFL) << FrameFormat.TIME_SHIFT);
  }

  int count() {
    return count;
  }

  /** Frames that the ring had no room for. */
  int lost() {
    return lost;
  }

  long sentNs(int index) {
    return timesNs[2 * index];
  }

  long arrivedNs(int index) {
    return timesNs[2 * index + 1];
  }
}
