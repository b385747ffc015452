package farslot.testkit;

import farslot.function.BlockStore;
import farslot.function.FunctionPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A disk in an array that can be slow, fail, and be asked what was done to it. On one thread. */
public final class TestStore implements BlockStore {
  /** What is on it. */
  public final byte[] data;

  /** What was asked of it, in order: {@code "write 4096+512 durable"}. */
  public final List<String> log = new ArrayList<>();

  /** Whether changes are refused. */
  public boolean readOnly;

  /** Whether it has been closed. */
  public boolean closed;

  /** Requests are carried out only by {@link #release}. */
  public boolean holding;

  /** What the next requests end with. */
  public Status next = Status.OK;

  /** Whether the card may reach the array itself. */
  public boolean memory;

  /** As noted on the medium, bytes; 0 for nothing. */
  public int blockBytes;

  /** Whether what is noted of blocks is lost when it is closed. */
  public boolean forgetful;

  private final Deque<Runnable> held = new ArrayDeque<>();
  private FunctionPort port;

  /**
   * @param bytes its capacity
   */
  public TestStore(int bytes) {
    data = new byte[bytes];
  }

  /** Requests that wait for {@link #release}. */
  public int held() {
    return held.size();
  }

  /** Carries out what is held, the latest first if asked for. */
  public void release(boolean backwards) {
    while (!held.isEmpty()) {
      port.execute(backwards ? held.pollLast() : held.pollFirst());
    }
  }

  private void later(Done done, long cookie, boolean change, Runnable work) {
    Status status = next != Status.OK ? next : change && readOnly ? Status.READ_ONLY : Status.OK;
    Runnable task =
        () -> {
          if (status == Status.OK) {
            work.run();
          }
          done.done(cookie, status);
        };
    if (holding) {
      held.add(task);
    } else {
      port.execute(task);
    }
  }

  @Override
  public MemorySegment memory(long position, int bytes) {
    return memory ? MemorySegment.ofArray(data) : null;
  }

  @Override
  public MemorySegment memoryToWrite(long position, int bytes) {
    if (!memory || readOnly || holding || next != Status.OK) {
      return null;
    }
    log.add("write " + position + "+" + bytes + " in place");
    return MemorySegment.ofArray(data);
  }

  @Override
  public long memoryOffset(long position) {
    return position;
  }

  @Override
  public int blockBytes() {
    return blockBytes;
  }

  @Override
  public void blockBytes(int bytes) {
    blockBytes = bytes;
  }

  @Override
  public boolean keepsBlockBytes() {
    return !forgetful;
  }

  @Override
  public long sizeBytes() {
    return data.length;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void open(FunctionPort port) {
    this.port = port;
  }

  @Override
  public void read(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    log.add("read " + position + "+" + bytes);
    later(
        done,
        cookie,
        false,
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
    log.add("write " + position + "+" + bytes + (durable ? " durable" : ""));
    later(
        done,
        cookie,
        true,
        () -> MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, data, (int) position, bytes));
  }

  @Override
  public void flush(Done done, long cookie) {
    log.add("flush");
    later(done, cookie, false, () -> {});
  }

  @Override
  public void deallocate(long position, long bytes, Done done, long cookie) {
    log.add("deallocate " + position + "+" + bytes);
    zero(position, bytes, done, cookie);
  }

  @Override
  public void writeZeroes(long position, long bytes, boolean durable, Done done, long cookie) {
    log.add("zeroes " + position + "+" + bytes + (durable ? " durable" : ""));
    zero(position, bytes, done, cookie);
  }

  private void zero(long position, long bytes, Done done, long cookie) {
    later(
        done,
        cookie,
        true,
        () -> Arrays.fill(data, (int) position, (int) (position + bytes), (byte) 0));
  }

  @Override
  public void close() {
    closed = true;
  }
}
