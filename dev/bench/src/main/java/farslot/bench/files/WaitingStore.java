package farslot.bench.files;

import farslot.function.BlockStore;
import farslot.function.FunctionPort;
import farslot.linux.DiskFile;
import farslot.linux.ErrnoException;
import java.lang.foreign.MemorySegment;

/** A file by calls that wait, one request after the other: shows what waiting costs the agent. */
final class WaitingStore implements BlockStore {
  private static final int ENDS_MAX = 256;

  private final DiskFile file;
  private final long sizeBytes;
  private final Runnable report = this::report;
  private final Done[] dones = new Done[ENDS_MAX];
  private final long[] cookies = new long[ENDS_MAX];
  private int ended;
  private FunctionPort port;

  WaitingStore(DiskFile file) throws ErrnoException {
    this.file = file;
    sizeBytes = file.sizeBytes();
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void open(FunctionPort opened) {
    port = opened;
  }

  @Override
  public void read(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    end(file.read(position, to, offset, bytes, 0), bytes, done, cookie);
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
    int flags = durable ? DiskFile.DSYNC : 0;
    end(file.write(position, from, offset, bytes, flags), bytes, done, cookie);
  }

  @Override
  public void flush(Done done, long cookie) {
    end(file.sync(), 0, done, cookie);
  }

  @Override
  public void deallocate(long position, long bytes, Done done, long cookie) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeZeroes(long position, long bytes, boolean durable, Done done, long cookie) {
    throw new UnsupportedOperationException();
  }

  private void end(long n, int bytes, Done done, long cookie) {
    if (n != bytes) {
      throw new IllegalStateException("a transfer of " + bytes + " bytes gave " + n);
    }
    if (ended == 0) {
      port.execute(report);
    }
    dones[ended] = done;
    cookies[ended++] = cookie;
  }

  /** New requests come from inside: what they add is reported next time. */
  private void report() {
    int count = ended;
    Done[] now = dones.clone();
    long[] nowCookies = cookies.clone();
    ended = 0;
    for (int i = 0; i < count; i++) {
      now[i].done(nowCookies[i], Status.OK);
    }
  }

  @Override
  public void close() {
    file.sync();
    file.close();
  }
}
