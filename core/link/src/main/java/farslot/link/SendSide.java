package farslot.link;

import farslot.pcie.BigEndian;
import farslot.pcie.TlpLimits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Puts a session's records into the {@link ReplayRing}, from where the {@link Transmitter} takes
 * them. TLPs wait in their streams when the ring is full; control records wait here, ahead of all
 * TLPs, so that their order among those is that of the calls.
 */
final class SendSide {
  /** Frames are sent before the turn's end once so many bytes have gathered. */
  private static final int EAGER_BYTES = 1 << 16;

  private static final int CREDIT_RECORD_BYTES_MAX =
      FrameFormat.RECORD_HEADER_BYTES + 3 * FrameFormat.CREDIT_ENTRY_BYTES;
  private static final int CONTROL_RECORD_BYTES_MAX =
      FrameFormat.RECORD_HEADER_BYTES + ControlRecord.BODY_BYTES_MAX;

  private record Waiting(int stream, int epochTag, ControlRecord record) {}

  private final LinkSession session;
  private final LinkCounters counters;
  private final Arena arena = Arena.ofShared();
  private final int frameBytesMax;
  final ReplayRing ring;
  private final MemorySegment scratch;
  private final ArrayDeque<Waiting> control = new ArrayDeque<>();
  private final StreamQueue creditsDue = new StreamQueue();
  private long claimedAt;
  private boolean fragmented;

  SendSide(LinkSession session, int frameBytesMax, int replayBytes, int firstSeq) {
    this.session = session;
    this.counters = session.counters();
    this.frameBytesMax = frameBytesMax;
    ring =
        new ReplayRing(
            arena,
            session.id(),
            frameBytesMax,
            replayBytes,
            Transmitter.LONE_BYTES,
            firstSeq,
            session.turn::touch);
    scratch = arena.allocate(TlpLimits.TLP_BYTES_MAX, 64);
  }

  // What streams send.

  /** Room for a record with such a body, or -1; {@link #claimSegment} says in which segment. */
  long claim(int bodyBytes) {
    if (!control.isEmpty()) {
      return -1;
    }
    int record = FrameFormat.RECORD_HEADER_BYTES + FrameFormat.padded(bodyBytes);
    fragmented = FrameFormat.HEADER_BYTES + record > frameBytesMax;
    if (fragmented) {
      return claimFragmented(FrameFormat.padded(bodyBytes));
    }
    claimedAt = ring.reserve(record, ReplayRing.CONTROL_RESERVE);
    return claimedAt < 0 ? -1 : claimedAt + FrameFormat.RECORD_HEADER_BYTES;
  }

  /** The same, as long as there remains plenty for others. */
  long claimAmply(int bodyBytes) {
    return ring.ample(FrameFormat.RECORD_HEADER_BYTES + bodyBytes) ? claim(bodyBytes) : -1;
  }

  /** What is longer than a frame is encoded aside and cut when it is committed. */
  private long claimFragmented(int bodyBytes) {
    int headers = FrameFormat.HEADER_BYTES + FrameFormat.RECORD_HEADER_BYTES;
    int fragments = bodyBytes / (frameBytesMax - headers) + 1;
    boolean room =
        ring.numbersLeft() > fragments
            && ring.reserve(bodyBytes + fragments * headers, ReplayRing.CONTROL_RESERVE) >= 0;
    return room ? 0 : -1;
  }

  MemorySegment claimSegment() {
    return fragmented ? scratch : ring.segment;
  }

  /** What was claimed is there. */
  void commit(LinkStream stream, int kind, int flags, int bodyBytes, long nowNs) {
    if (fragmented) {
      commitFragments(stream, kind, flags, bodyBytes);
    } else {
      append(claimedAt, stream, kind, flags, bodyBytes);
    }
    if (ring.unsentBytes() >= EAGER_BYTES) {
      session.pump(nowNs);
    }
  }

  /** The record whose body stands there already. */
  private void append(long at, LinkStream stream, int kind, int flags, int bodyBytes) {
    MemorySegment to = ring.segment;
    FrameEncoder.record(to, at, stream.id(), kind, flags, bodyBytes, stream.epochTag());
    int padded = FrameFormat.padded(bodyBytes);
    for (int i = bodyBytes; i < padded; i++) {
      BigEndian.u8(to, at + FrameFormat.RECORD_HEADER_BYTES + i, 0);
    }
    ring.append(FrameFormat.RECORD_HEADER_BYTES + padded);
  }

  private void commitFragments(LinkStream stream, int kind, int flags, int bodyBytes) {
    int done = 0;
    while (done < bodyBytes) {
      int room = ring.openRoom() - FrameFormat.RECORD_HEADER_BYTES;
      if (room <= 0) {
        room = frameBytesMax - FrameFormat.HEADER_BYTES - FrameFormat.RECORD_HEADER_BYTES;
      }
      int bytes = Math.min(room, bodyBytes - done);
      int at = ring.reserve(FrameFormat.RECORD_HEADER_BYTES + FrameFormat.padded(bytes), 0);
      assert at >= 0 : "the claim made sure of it";
      int more = done + bytes < bodyBytes ? FrameFormat.RECORD_MORE : 0;
      MemorySegment.copy(scratch, done, ring.segment, at + FrameFormat.RECORD_HEADER_BYTES, bytes);
      append(at, stream, kind, flags | more, bytes);
      done += bytes;
    }
  }

  // Control records and credits.

  /** Sends a control record, now or as soon as there is room; nothing once the session is over. */
  void control(int stream, int epochTag, ControlRecord record) {
    if (session.state() == LinkState.DOWN) {
      return;
    }
    control.add(new Waiting(stream, epochTag, record));
    session.turn.touch();
    drainControl();
  }

  /** As {@link #control}, and costs nothing while there is room. */
  void revoke(LinkStream stream) {
    int at = control.isEmpty() ? ring.reserve(FrameFormat.RECORD_HEADER_BYTES, 0) : -1;
    if (at < 0) {
      control(stream.id(), stream.epochTag(), ControlRecord.Revoke.ONLY);
    } else {
      append(at, stream, FrameFormat.REVOKE, 0, 0);
    }
  }

  /** Control records that wait for room. */
  int controlWaiting() {
    return control.size();
  }

  /** Whether a Hot Reset of this stream still waits; no TLP of the stream can be behind it. */
  boolean resetWaits(int stream) {
    for (Waiting waiting : control) {
      if (waiting.stream == stream && waiting.record.kind() == FrameFormat.HOT_RESET) {
        return true;
      }
    }
    return false;
  }

  private void drainControl() {
    while (!control.isEmpty()) {
      int at = ring.reserve(CONTROL_RECORD_BYTES_MAX, 0);
      if (at < 0) {
        return;
      }
      Waiting waiting = control.remove();
      ring.segment.asSlice(at, CONTROL_RECORD_BYTES_MAX).fill((byte) 0);
      int bytes = waiting.record.write(ring.segment, at + FrameFormat.RECORD_HEADER_BYTES);
      FrameEncoder.record(
          ring.segment, at, waiting.stream, waiting.record.kind(), 0, bytes, waiting.epochTag);
      ring.append(FrameFormat.RECORD_HEADER_BYTES + FrameFormat.padded(bytes));
    }
  }

  /** The stream has credits to give back. */
  void creditsDue(LinkStream stream) {
    creditsDue.add(stream);
    session.turn.touch();
  }

  /** Whether some stream has. */
  boolean creditsWait() {
    return creditsDue.size() > 0;
  }

  private void drainCredits() {
    while (creditsDue.size() > 0) {
      LinkStream stream = creditsDue.peek();
      if (stream.isUp()) {
        int at = ring.reserve(CREDIT_RECORD_BYTES_MAX, 0);
        if (at < 0) {
          return;
        }
        int bytes = stream.writeCredits(ring.segment, at);
        ring.append(FrameFormat.RECORD_HEADER_BYTES + bytes);
      }
      stream.creditsTold();
      creditsDue.poll();
    }
  }

  /** Encodes what waits and closes the open frame: the turn is over. */
  void gather() {
    drainControl();
    drainCredits();
    ring.closeFrame();
  }

  /**
   * Gives the memory back, at once: peers may make sessions faster than a collector finds them
   * gone. Nothing is sent or claimed afterwards.
   */
  void release() {
    arena.close();
  }
}
