package farslot.link;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What was sent and is not acknowledged yet, and what waits to be sent: frames one behind the other
 * in a ring of bytes, each contiguous, encoded in place and sent from where they lie. At the end is
 * the open frame, which takes records until it is closed.
 *
 * <pre>
 *    oldest          send            next
 *      | acknowledge  |  waiting      | open |   free
 * </pre>
 */
final class ReplayRing {
  /** Least size: a few frames of the largest kind. */
  static final int BYTES_MIN = 1 << 18;

  /** Kept free of TLPs, so that credits and control records always find room, bytes. */
  static final int CONTROL_RESERVE = 8192;

  /** Frames at a time, a power of two; far below half of the sequence space. */
  static final int FRAMES_MAX = 4096;

  /** Most sessions keep few frames: the tables begin with so many, and double. */
  static final int FRAMES_FIRST = 64;

  private static final int NONE = -1;

  final MemorySegment segment;
  private final Runnable filled;
  private final int sessionId;
  private final int frameBytesMax;
  private final int capacity;
  private int[] offsets = new int[FRAMES_FIRST];
  private int[] lengths = new int[FRAMES_FIRST];
  private int mask = FRAMES_FIRST - 1;
  private int oldest;
  private int send;
  private int next;
  private int open = NONE;
  private int tail;
  private int unsentBytes;

  /**
   * @param besides bytes of the segment behind the ring, for whoever wants them
   * @param filled called for every record: there is something to send
   */
  ReplayRing(
      Arena arena,
      int sessionId,
      int frameBytesMax,
      int bytes,
      int besides,
      int firstSeq,
      Runnable filled) {
    segment = arena.allocate((long) bytes + besides, 64);
    this.sessionId = sessionId;
    this.filled = filled;
    this.frameBytesMax = frameBytesMax;
    capacity = bytes;
    oldest = send = next = firstSeq;
  }

  // Filling.

  /**
   * Makes sure that a record of so many bytes, header and padding included, fits behind what is in
   * the open frame, with {@code spare} bytes free beyond; opens a frame if need be.
   *
   * @return where the record goes, or -1 when there is no room now
   */
  int reserve(int recordBytes, int spare) {
    if (open != NONE) {
      if (tail - open + recordBytes <= frameBytesMax && roomAtTail() >= recordBytes + spare) {
        return tail;
      }
      closeFrame();
    }
    if (next - oldest == FRAMES_MAX) {
      return -1;
    }
    int need = FrameFormat.HEADER_BYTES + recordBytes + spare;
    int start = roomAtTail() >= need ? tail : roomAtStart() >= need ? 0 : NONE;
    if (start == NONE) {
      return -1;
    }
    open = start;
    tail = start + FrameFormat.HEADER_BYTES;
    return tail;
  }

  /** The record that was reserved is there. */
  void append(int recordBytes) {
    tail += recordBytes;
    filled.run();
  }

  /** Frames that can still be numbered before one is acknowledged. */
  int numbersLeft() {
    return FRAMES_MAX - (next - oldest);
  }

  /** Whether a quarter is free behind so many bytes, and as many numbers. */
  boolean ample(int bytes) {
    int head = head();
    int used = isEmpty() ? 0 : tail > head ? tail - head : capacity - (head - tail);
    return capacity - used - bytes >= capacity / 4 && numbersLeft() > FRAMES_MAX / 4;
  }

  /** Bytes that the open frame still takes; 0 if none is open. */
  int openRoom() {
    return open == NONE ? 0 : frameBytesMax - (tail - open);
  }

  /** Numbers the open frame, so that it can be sent; one without records vanishes. */
  void closeFrame() {
    if (open == NONE) {
      return;
    }
    int bytes = tail - open;
    if (bytes == FrameFormat.HEADER_BYTES) {
      tail = open;
      open = NONE;
      rewindTailIfEmpty();
      return;
    }
    FrameEncoder.header(segment, open, FrameFormat.DATA, sessionId, next);
    FrameEncoder.length(segment, open, bytes);
    if (next - oldest > mask) {
      grow();
    }
    offsets[next & mask] = open;
    lengths[next & mask] = bytes;
    unsentBytes += bytes;
    next++;
    open = NONE;
  }

  private void grow() {
    int[] oldOffsets = offsets;
    int[] oldLengths = lengths;
    int oldMask = mask;
    offsets = new int[2 * oldOffsets.length];
    lengths = new int[2 * oldLengths.length];
    mask = offsets.length - 1;
    for (int seq = oldest; seq != next; seq++) {
      offsets[seq & mask] = oldOffsets[seq & oldMask];
      lengths[seq & mask] = oldLengths[seq & oldMask];
    }
  }

  private int roomAtTail() {
    if (isEmpty()) {
      return capacity - tail;
    }
    int head = head();
    return tail > head ? capacity - tail : head - tail - 4;
  }

  /** Room at the ring's beginning; 0 unless the used part lies between it and the tail. */
  private int roomAtStart() {
    int head = head();
    return !isEmpty() && tail > head ? head - 4 : 0;
  }

  private int head() {
    return oldest == next ? open : offsets[oldest & mask];
  }

  private boolean isEmpty() {
    return oldest == next && open == NONE;
  }

  /** Beginning anew at the front keeps a quiet link inside a few warm cache lines. */
  private void rewindTailIfEmpty() {
    if (isEmpty()) {
      tail = 0;
    }
  }

  // Sending.

  /** Whether a closed frame waits. */
  boolean hasUnsent() {
    return send != next;
  }

  /** Bytes of the closed frames that wait. */
  int unsentBytes() {
    return unsentBytes;
  }

  /** The number of the frame that is sent next for the first time. */
  int sendSeq() {
    return send;
  }

  int frameOffset(int seq) {
    return offsets[seq & mask];
  }

  int frameBytes(int seq) {
    return lengths[seq & mask];
  }

  /** Whether a closed frame lies directly behind the one before it. */
  boolean follows(int seq) {
    return seq != next
        && offsets[seq & mask] == offsets[(seq - 1) & mask] + lengths[(seq - 1) & mask];
  }

  /** The frame at {@link #sendSeq} has gone. */
  void sent() {
    unsentBytes -= lengths[send & mask];
    send++;
  }

  // Acknowledging.

  /** Whether this can be said by a peer that has what was sent to it. */
  boolean ackValid(int ack) {
    return Seq.within(ack, oldest, send);
  }

  /** The oldest frame that is kept. */
  int oldestSeq() {
    return oldest;
  }

  /** Forgets frames before {@code ack}, which is valid. */
  void acknowledge(int ack) {
    oldest = ack;
    rewindTailIfEmpty();
  }
}
