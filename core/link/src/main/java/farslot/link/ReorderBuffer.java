package farslot.link;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * DATA frames that came before others that they follow: copies, until it is their turn. Takes
 * frames from the expected one on, a fixed number; its memory grows with use, up to a bound.
 */
final class ReorderBuffer {
  /** What it holds at most, whatever the size of frames. */
  private static final int BYTES_MAX = 8 << 20;

  private static final int FRAMES_LEAST = 64;
  private static final int FRAMES_MOST = 2048;
  private static final int MASK = FrameSet.FRAMES_MAX - 1;
  private final Arena arena;
  private final int frameBytesMax;
  private final int framesMax;
  private final FrameSet there = new FrameSet();
  private final short[] slots = new short[FrameSet.FRAMES_MAX];
  private final MemorySegment[] memory;
  private final short[] free;
  private int freeSlots;
  private int usedSlots;
  private int top;

  /** How many frames of such a size an end keeps: what it tells the peer. */
  static int framesMax(int frameBytesMax) {
    return Math.clamp(BYTES_MAX / frameBytesMax, FRAMES_LEAST, FRAMES_MOST);
  }

  /**
   * @param framesMax as the peer was told
   */
  ReorderBuffer(Arena arena, int frameBytesMax, int framesMax) {
    this.arena = arena;
    this.frameBytesMax = frameBytesMax;
    this.framesMax = framesMax;
    memory = new MemorySegment[framesMax];
    free = new short[framesMax];
  }

  boolean isEmpty() {
    return there.size() == 0;
  }

  /** Whether this frame, which is not before the expected one, may be kept. */
  boolean covers(int seq, int expected) {
    return seq - expected < framesMax;
  }

  boolean has(int seq) {
    return there.has(seq);
  }

  /** Keeps a copy of a frame that it covers and does not have. */
  void put(int seq, FrameView frame) {
    assert !there.has(seq) && frame.frameBytes() <= frameBytesMax;
    short slot = freeSlots > 0 ? free[--freeSlots] : newSlot();
    MemorySegment.copy(frame.segment(), frame.offset(), memory[slot], 0, frame.frameBytes());
    slots[seq & MASK] = slot;
    if (there.size() == 0 || Seq.after(seq, top)) {
      top = seq;
    }
    there.add(seq);
  }

  private short newSlot() {
    memory[usedSlots] = arena.allocate(frameBytesMax, 64);
    return (short) usedSlots++;
  }

  /** The copy of a frame that is there, at its beginning. */
  MemorySegment frame(int seq) {
    return memory[slots[seq & MASK]];
  }

  /** Forgets a frame that is there. */
  void remove(int seq) {
    there.remove(seq);
    free[freeSlots++] = slots[seq & MASK];
  }

  /** Bit n: frame {@code expected + 1 + n} is there. */
  int bits(int expected) {
    return isEmpty() ? 0 : there.bits(expected + 1);
  }

  /** The first frame of the first run from {@code from} on, or the end of all. */
  int runFirst(int from) {
    return there.firstIn(from, end());
  }

  /** Behind the last frame of the run that begins at {@code first}. */
  int runEnd(int first) {
    return there.firstNotIn(first, end());
  }

  /** Behind the last frame that is there; only while it is not empty. */
  int end() {
    return top + 1;
  }
}
