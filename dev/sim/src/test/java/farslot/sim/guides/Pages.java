package farslot.sim.guides;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/** Buffers of the server: what was given back last is given out first, full of rubbish. */
final class Pages {
  private static final int FIRST = 0x10000;
  static final int COUNT = (GuidedRig.RAM_BYTES - FIRST) / 4096;

  private final MemorySegment ram;
  private final Deque<Long> free = new ArrayDeque<>();
  private int rubbish;

  Pages(MemorySegment ram) {
    this.ram = ram;
    for (int i = 0; i < COUNT; i++) {
      free.push(FIRST + 4096L * i);
    }
  }

  long take() {
    long page = free.pop();
    spoil(page);
    return page;
  }

  void give(long page) {
    spoil(page);
    free.push(page);
  }

  private void spoil(long page) {
    ram.asSlice(page, 4096).fill((byte) ++rubbish);
  }
}
