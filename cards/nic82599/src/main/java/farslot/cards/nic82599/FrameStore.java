package farslot.cards.nic82599;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Frames that wait, first in, first out, in memory of a bounded size that is had when needed. */
final class FrameStore {
  private static final int LENGTH_BYTES = 8;

  /** Two addresses and a type. */
  private static final int FRAME_BYTES_MIN = 14;

  /** In place of a length: the next frame is at the beginning. */
  private static final int WRAP = -1;

  private final int capacity;
  private MemorySegment memory;
  private int first;
  private int end;
  private int frames;

  FrameStore(int capacity) {
    this.capacity = capacity;
  }

  boolean isEmpty() {
    return frames == 0;
  }

  void clear() {
    frames = 0;
    first = 0;
    end = 0;
  }

  /** Keeps a copy; false when there is no room. */
  boolean add(MemorySegment frame, long at, int bytes) {
    int needed = LENGTH_BYTES + (bytes + 7 & -8);
    int place = place(needed);
    if (place < 0) {
      return false;
    }
    if (memory == null) {
      memory = Arena.ofAuto().allocate(capacity, LENGTH_BYTES);
    }
    if (place != end && end < capacity) {
      LittleEndian.i32(memory, end, WRAP);
    }
    LittleEndian.i32(memory, place, bytes);
    MemorySegment.copy(frame, at, memory, place + LENGTH_BYTES, bytes);
    end = place + needed;
    frames++;
    return true;
  }

  /** Where so many bytes in a row fit behind the last frame; -1 when nowhere. */
  private int place(int needed) {
    if (frames == 0) {
      clear();
    }
    if (frames == 0 || end > first) {
      if (capacity - end >= needed) {
        return end;
      }
      return first >= needed && frames > 0 ? 0 : -1;
    }
    return first - end >= needed ? end : -1;
  }

  /** All frames, the oldest first. */
  void save(StateWriter state) {
    state.i32(frames);
    int at = first;
    for (int i = 0; i < frames; i++) {
      if (at == capacity || LittleEndian.i32(memory, at) == WRAP) {
        at = 0;
      }
      int bytes = LittleEndian.i32(memory, at);
      state.u16(bytes).bytes(memory, at + LENGTH_BYTES, bytes);
      at += LENGTH_BYTES + (bytes + 7 & -8);
    }
  }

  void restore(StateReader state, MemorySegment scratch) throws StateException {
    clear();
    int count = state.i32("frames that wait", 0, capacity / LENGTH_BYTES);
    for (int i = 0; i < count; i++) {
      int bytes = state.u16("a frame's length", FRAME_BYTES_MIN, (int) scratch.byteSize());
      state.bytes(scratch, 0, bytes);
      state.require(add(scratch, 0, bytes), "more frames wait than there is room for");
    }
  }

  MemorySegment memory() {
    return memory;
  }

  /** Where the oldest frame's bytes begin. */
  int firstAt() {
    wrapFirst();
    return first + LENGTH_BYTES;
  }

  int firstBytes() {
    wrapFirst();
    return LittleEndian.i32(memory, first);
  }

  private void wrapFirst() {
    if (first == capacity || LittleEndian.i32(memory, first) == WRAP) {
      first = 0;
    }
  }

  void removeFirst() {
    first += LENGTH_BYTES + (firstBytes() + 7 & -8);
    frames--;
  }
}
