package farslot.capture;

import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.pcie.BigEndian;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the TLPs and pushes in frames as they pass, those in fragments included. Frames that are
 * not as they must be have none; nor has a frame that is replayed, when its TLPs were seen the
 * first time.
 */
final class TlpScan {
  /** Directions of sessions remembered; the least recent one is forgotten. */
  private static final int DIRECTIONS_MAX = 128;

  /** Takes TLPs; returns whether it liked this one. */
  interface Sink {
    boolean onTlp(int session, int stream, TlpView tlp);

    /** Memory that is sent along; no TLP. */
    default boolean onPush(int session, int stream, long address, int bytes) {
      return false;
    }
  }

  /** One direction of one session. */
  private static final class Direction {
    final SeenFrames frames = new SeenFrames();
    final Fragments fragments = new Fragments();
    boolean begun;
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

  /** The TLP that is not whole yet at this place in the frame, or null. */
  private byte[] gathered;

  private int gatheredStream;

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
    return !again && records(direction, sink);
  }

  private boolean records(Direction direction, Sink sink) {
    long end = frame.frameBodyOffset() + frame.frameBytes() - FrameFormat.HEADER_BYTES;
    // Only where the frame before is still to come may a fragment wait for it.
    boolean first = true;
    boolean early = direction.begun && !direction.frames.has(frame.seq() - 1);
    direction.begun = true;
    boolean liked = false;
    gathered = null;
    while (frame.nextRecord()) {
      if (frame.kind() == FrameFormat.TLP || frame.kind() == FrameFormat.PUSH) {
        boolean last = frame.bodyOffset() + frame.bodyBytes() == end;
        liked |= record(direction.fragments, first, first && early, last, sink);
      } else {
        gathered = null;
      }
      first = false;
    }
    return liked;
  }

  private boolean record(
      Fragments fragments, boolean first, boolean early, boolean last, Sink sink) {
    // Fragments of one kind go on with the same kind only.
    int stream = frame.kind() << 16 | frame.stream();
    if (gathered != null && gatheredStream != stream) {
      gathered = null;
    }
    if (first && fragments.continues(frame.seq(), stream)) {
      gathered = fragments.before(frame.seq());
      gatheredStream = stream;
    }
    boolean goesOn = frame.more() && last;
    if (early && (goesOn || !frame.more())) {
      fragments.head(frame.seq(), stream, body(), goesOn);
    }
    if (gathered == null && !frame.more()) {
      return show(frame.segment(), frame.bodyOffset(), frame.bodyBytes(), sink);
    }
    gathered = gathered == null ? body() : Fragments.join(gathered, body());
    gatheredStream = stream;
    if (gathered.length > TlpLimits.TLP_BYTES_MAX) {
      gathered = null;
      return false;
    }
    byte[] whole = frame.more() ? null : gathered;
    if (goesOn && !early) {
      whole = fragments.tail(frame.seq(), stream, gathered);
    }
    gathered = whole == null ? gathered : null;
    return whole != null && show(MemorySegment.ofArray(whole), 0, whole.length, sink);
  }

  private byte[] body() {
    return frame
        .segment()
        .asSlice(frame.bodyOffset(), frame.bodyBytes())
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private boolean show(MemorySegment segment, long offset, int bytes, Sink sink) {
    int stream = frame.stream();
    if (frame.kind() == FrameFormat.PUSH) {
      int memory = bytes - FrameFormat.PUSH_HEADER_BYTES;
      return memory > 0
          && sink.onPush(
              frame.sessionId(),
              stream,
              BigEndian.i64(segment, offset + FrameFormat.PUSH_ADDRESS_AT),
              memory);
    }
    return TlpView.check(segment, offset, bytes) == null
        && sink.onTlp(frame.sessionId(), stream, tlp.wrap(segment, offset, bytes));
  }
}
