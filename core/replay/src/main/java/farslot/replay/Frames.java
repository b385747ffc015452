package farslot.replay;

import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import java.lang.foreign.MemorySegment;
import java.util.TreeMap;

/**
 * One direction of a session: DATA frames in sequence, each once, whatever rails they came over and
 * however often. A frame that is not in the capture is waited for until so many came after it.
 */
final class Frames {
  private static final int HELD_MAX = 4096;

  /** Takes frames in sequence. */
  interface Sink {
    void onFrame(FrameView frame, long packet, long timeNs);
  }

  private record Held(byte[] bytes, long packet, long timeNs) {}

  private final TreeMap<Integer, Held> held = new TreeMap<>((a, b) -> Integer.signum(a - b));
  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();
  private final Sink sink;
  private boolean begun;
  private int expected;
  private long missing;

  Frames(Sink sink) {
    this.sink = sink;
  }

  /** Frames that the capture does not have. */
  long missing() {
    return missing;
  }

  /** A DATA frame that has passed the check, which this may keep. */
  void onData(int seq, byte[] bytes, long packet, long timeNs) {
    if (begun && seq - expected < 0) {
      return;
    }
    if (!begun) {
      begun = true;
      expected = seq;
    }
    held.putIfAbsent(seq, new Held(bytes, packet, timeNs));
    if (held.size() > HELD_MAX) {
      skip();
    }
    pass(packet, timeNs);
  }

  /** Nothing more comes. */
  void end() {
    while (!held.isEmpty()) {
      Held last = held.lastEntry().getValue();
      skip();
      pass(last.packet(), last.timeNs());
    }
  }

  private void skip() {
    missing += held.firstKey() - expected;
    expected = held.firstKey();
  }

  private void pass(long packet, long timeNs) {
    for (Held next = held.remove(expected); next != null; next = held.remove(expected)) {
      expected++;
      MemorySegment segment = MemorySegment.ofArray(next.bytes());
      if (check.check(segment, 0, next.bytes().length, FrameFormat.FRAME_BYTES_MAX, false)
          == null) {
        // What was held is heard when the gap before it has been filled.
        sink.onFrame(frame.wrap(segment, 0), next.packet(), Math.max(next.timeNs(), timeNs));
      }
    }
  }
}
