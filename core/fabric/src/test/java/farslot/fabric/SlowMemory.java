package farslot.fabric;

import farslot.memory.MessagedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** One page of memory that answers when a test says so. */
final class SlowMemory implements MessagedMemory {
  private final byte[] page = new byte[4096];
  private final Queue<Consumer<Boolean>> queue = new ArrayDeque<>();

  int waiting() {
    return queue.size();
  }

  void answer(boolean ok) {
    queue.remove().accept(ok);
  }

  @Override
  public void read(long iova, int bytes, Done done, long cookie) {
    MemorySegment memory = MemorySegment.ofArray(page);
    queue.add(ok -> done.done(cookie, ok, ok ? memory : null, ok ? iova & 0xFFF : 0));
  }

  @Override
  public void write(long iova, MemorySegment from, long offset, int bytes, Done done, long cookie) {
    byte[] copy = new byte[bytes];
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, copy, 0, bytes);
    queue.add(
        ok -> {
          System.arraycopy(copy, 0, page, (int) (iova & 0xFFF), bytes);
          done.done(cookie, ok, null, 0);
        });
  }
}
