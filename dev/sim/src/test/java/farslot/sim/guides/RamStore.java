package farslot.sim.guides;

import farslot.function.BlockStore;
import farslot.function.FunctionPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** A disk in an array that answers a task later. */
final class RamStore implements BlockStore {
  final byte[] data;
  private FunctionPort port;

  RamStore(int bytes) {
    data = new byte[bytes];
  }

  @Override
  public long sizeBytes() {
    return data.length;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void open(FunctionPort to) {
    port = to;
  }

  private void later(Done done, long cookie, Runnable work) {
    port.execute(
        () -> {
          work.run();
          done.done(cookie, Status.OK);
        });
  }

  @Override
  public void read(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    later(
        done,
        cookie,
        () -> MemorySegment.copy(data, (int) position, to, ValueLayout.JAVA_BYTE, offset, bytes));
  }

  @Override
  public void write(
      long position,
      MemorySegment from,
      long offset,
      int bytes,
      boolean durable,
      Done done,
      long cookie) {
    later(
        done,
        cookie,
        () -> MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, data, (int) position, bytes));
  }

  @Override
  public void flush(Done done, long cookie) {
    later(done, cookie, () -> {});
  }

  @Override
  public void deallocate(long position, long bytes, Done done, long cookie) {
    later(
        done, cookie, () -> Arrays.fill(data, (int) position, (int) (position + bytes), (byte) 0));
  }

  @Override
  public void writeZeroes(long position, long bytes, boolean durable, Done done, long cookie) {
    deallocate(position, bytes, done, cookie);
  }

  @Override
  public void close() {}
}
