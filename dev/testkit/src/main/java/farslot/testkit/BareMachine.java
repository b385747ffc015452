package farslot.testkit;

import farslot.function.BlockStore;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A slot, a server's memory from address 0 on and a disk for a card whose allocations are counted:
 * everything is reported by {@link #run}, and nothing here allocates.
 */
@SuppressWarnings("overloads")
public final class BareMachine implements FunctionPort, Dma, Interrupts, BlockStore {
  /** The server's, 1 MiB. */
  public final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 4096);

  private final Dma.Done[] reads = new Dma.Done[4096];
  private final BlockStore.Done[] requests = new BlockStore.Done[4096];
  private final long[] readCookies = new long[4096];
  private final long[] requestCookies = new long[4096];
  private int readCount;
  private int requestCount;
  private int signals;
  private Runnable task;

  /** Reports until nothing is under way. */
  public void run() {
    while (readCount + requestCount > 0 || task != null) {
      if (readCount > 0) {
        readCount--;
        reads[readCount].done(readCookies[readCount], CompletionStatus.SC);
      } else if (requestCount > 0) {
        requestCount--;
        requests[requestCount].done(requestCookies[requestCount], BlockStore.Status.OK);
      } else {
        Runnable due = task;
        task = null;
        due.run();
      }
    }
  }

  @Override
  public void read(long at, MemorySegment to, long offset, int bytes, Dma.Done done, long cookie) {
    MemorySegment.copy(memory, at, to, offset, bytes);
    reads[readCount] = done;
    readCookies[readCount++] = cookie;
  }

  @Override
  public void write(long at, MemorySegment from, long offset, int bytes) {
    MemorySegment.copy(from, offset, memory, at, bytes);
  }

  private void request(BlockStore.Done done, long cookie) {
    requests[requestCount] = done;
    requestCookies[requestCount++] = cookie;
  }

  @Override
  public void read(
      long position, MemorySegment to, long offset, int bytes, BlockStore.Done done, long cookie) {
    request(done, cookie);
  }

  @Override
  public void write(
      long position,
      MemorySegment from,
      long offset,
      int bytes,
      boolean durable,
      BlockStore.Done done,
      long cookie) {
    request(done, cookie);
  }

  @Override
  public void flush(BlockStore.Done done, long cookie) {
    request(done, cookie);
  }

  @Override
  public void deallocate(long position, long bytes, BlockStore.Done done, long cookie) {
    request(done, cookie);
  }

  @Override
  public void writeZeroes(
      long position, long bytes, boolean durable, BlockStore.Done done, long cookie) {
    request(done, cookie);
  }

  @Override
  public long sizeBytes() {
    return 1L << 30;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void open(FunctionPort port) {}

  @Override
  public void close() {}

  @Override
  public Dma dma() {
    return this;
  }

  @Override
  public Interrupts interrupts() {
    return this;
  }

  @Override
  public long nowNs() {
    return 0;
  }

  @Override
  public Timer timer(Runnable unused) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void execute(Runnable due) {
    assert task == null;
    task = due;
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public void onRoom(Runnable unused) {}

  @Override
  public void signal(int vector) {
    signals++;
  }

  @Override
  public void level(boolean asserted) {}

  @Override
  public boolean messageSignalled() {
    return true;
  }

  @Override
  public int vectors() {
    return 9;
  }

  /** Interrupts so far. */
  public int signals() {
    return signals;
  }
}
