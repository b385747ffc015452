package farslot.capture;

import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the TLPs in frames as they pass, those in fragments included. Frames that are not as they
 * must be have none; nor has a frame that is replayed, when its TLPs were seen the first time.
 */
final class TlpScan {
  /** Directions of sessions remembered; the least recent one is forgotten. */
  private static final int DIRECTIONS_MAX = 128;

  /** Takes TLPs; returns whether it liked this one. */
  interface Sink {
    boolean onTlp(int session, int stream, TlpView tlp);
  }

  /** One direction of one session. */
  private static final class Direction {
    final SeenFrames frames = new SeenFrames();
    final MemorySegment gathered = MemorySegment.ofArray(new int[TlpLimits.TLP_BYTES_MAX / 4]);
    int stream;
    int bytes;
  }

  private record Key(int session, boolean inbound) {}

  private final Map<Key, Direction> directions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Direction> eldest) {
          return size() > DIRECTIONS_MAX;
        }
      };

  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();
  private final TlpView tlp = new TlpView();
  private boolean again;

  /** Whether the frame scanned last was a repetition. */
  boolean again() {
    return again;
  }

  /**
   * Shows a frame's TLPs to the sink; a fragmented one with the frame that completes it.
   *
   * @return whether the sink liked any
   */
  boolean scan(boolean inbound, MemorySegment segment, long offset, int bytes, Sink sink) {
    again = false;
    if (check.check(segment, offset, bytes, FrameFormat.FRAME_BYTES_MAX, false) != null) {
      return false;
    }
    frame.wrap(segment, offset);
    if (frame.type() != FrameFormat.DATA) {
      return false;
    }
    Direction direction =
        directions.computeIfAbsent(new Key(frame.sessionId(), inbound), key -> new Direction());
    again = !direction.frames.first(frame.seq());
    boolean liked = false;
    while (frame.nextRecord()) {
      liked |= record(direction, sink);
    }
    return liked;
  }

  private boolean record(Direction direction, Sink sink) {
    if (frame.kind() != FrameFormat.TLP || again) {
      direction.bytes = 0;
      return false;
    }
    boolean goesOn = direction.bytes > 0 && direction.stream == frame.stream();
    if (!goesOn && !frame.more()) {
      direction.bytes = 0;
      return show(frame.stream(), frame.segment(), frame.bodyOffset(), frame.bodyBytes(), sink);
    }
    direction.bytes = goesOn ? direction.bytes : 0;
    direction.stream = frame.stream();
    if (direction.bytes + frame.bodyBytes() > TlpLimits.TLP_BYTES_MAX) {
      direction.bytes = 0;
      return false;
    }
    MemorySegment.copy(
        frame.segment(),
        frame.bodyOffset(),
        direction.gathered,
        direction.bytes,
        frame.bodyBytes());
    direction.bytes += frame.bodyBytes();
    if (frame.more()) {
      return false;
    }
    int whole = direction.bytes;
    direction.bytes = 0;
    return show(frame.stream(), direction.gathered, 0, whole, sink);
  }

  private boolean show(int stream, MemorySegment segment, long offset, int bytes, Sink sink) {
    return TlpView.check(segment, offset, bytes) == null
        && sink.onTlp(frame.sessionId(), stream, tlp.wrap(segment, offset, bytes));
  }
}
