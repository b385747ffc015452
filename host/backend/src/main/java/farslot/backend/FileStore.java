package farslot.backend;

import farslot.function.BlockStore;
import farslot.function.FunctionPort;
import farslot.linux.DiskFile;
import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A disk in a file or on a block device. What the page cache can answer at once is answered on the
 * agent thread (RWF_NOWAIT), because waking a worker costs more than the copy; everything else goes
 * to {@link Workers}. Flush is fdatasync, FUA is RWF_DSYNC.
 *
 * <p>A failed fdatasync is remembered: the kernel reports lost pages once and then forgets them, so
 * a later success would promise what is no longer there. From then on every flush fails.
 */
public final class FileStore implements BlockStore {
  /** The longest copy that is made on the agent thread, bytes. */
  static final int INLINE_BYTES_MAX = 128 << 10;

  /** Where an image says what a Format has made of it. */
  private static final String BLOCK_BYTES = "user.farslot.block-bytes";

  private static final int ZEROES_BYTES = 1 << 20;

  /** Shared by all, never written. */
  private static final MemorySegment ZEROES = Arena.global().allocate(ZEROES_BYTES, 4096);

  private final DiskFile file;
  private final long sizeBytes;
  private final boolean readOnly;
  private final Workers workers;
  private final Completions completions = new Completions();

  /** Requests that workers have; on this object's monitor. */
  private int underWay;

  private boolean inlineReads = true;
  private boolean inlineWrites = true;
  private volatile boolean zeroRange = true;
  private volatile boolean punchHole = true;
  private volatile Status lost = Status.OK;
  private final boolean keepsBlockBytes;
  private volatile int blockBytes;
  private volatile boolean blockBytesToNote;

  /**
   * @param sizeBytes at most the length of the file
   */
  FileStore(DiskFile file, long sizeBytes, boolean readOnly, Workers workers) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.readOnly = readOnly;
    this.workers = workers;
    keepsBlockBytes = readBlockBytes();
  }

  /** Whether the filesystem keeps such notes; what is noted is taken over. */
  private boolean readBlockBytes() {
    try {
      String noted = file.note(BLOCK_BYTES);
      blockBytes = noted.isEmpty() ? 0 : Integer.parseInt(noted);
      return true;
    } catch (ErrnoException e) {
      return false;
    } catch (NumberFormatException e) {
      return true; // somebody else's note: as good as none
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public int blockBytes() {
    return blockBytes;
  }

  @Override
  public boolean keepsBlockBytes() {
    return keepsBlockBytes;
  }

  @Override
  public void blockBytes(int bytes) {
    blockBytes = bytes;
    blockBytesToNote = true;
  }

  @Override
  public void open(FunctionPort port) {
    completions.open(port);
  }

  @Override
  public void read(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    Request request = request(Request.Kind.READ, position, bytes, done, cookie);
    request.memory = to;
    request.offset = offset;
    if (inlineReads && bytes <= INLINE_BYTES_MAX) {
      long n = file.read(position, to, offset, bytes, DiskFile.NOWAIT);
      inlineReads = n != -Errno.EOPNOTSUPP;
      if (advance(request, n)) {
        finish(request, Status.OK);
        return;
      }
    }
    hand(request);
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
    Request request = request(Request.Kind.WRITE, position, bytes, done, cookie);
    request.memory = from;
    request.offset = offset;
    request.durable = durable;
    if (readOnly) {
      finish(request, Status.READ_ONLY);
      return;
    }
    if (inlineWrites && !durable && bytes <= INLINE_BYTES_MAX) {
      long n = file.write(position, from, offset, bytes, DiskFile.NOWAIT);
      inlineWrites = n != -Errno.EOPNOTSUPP;
      if (advance(request, n)) {
        finish(request, Status.OK);
        return;
      }
    }
    hand(request);
  }

  @Override
  public void flush(Done done, long cookie) {
    Request request = request(Request.Kind.FLUSH, 0, 0, done, cookie);
    if (readOnly) {
      finish(request, Status.OK);
    } else {
      hand(request);
    }
  }

  @Override
  public void deallocate(long position, long bytes, Done done, long cookie) {
    change(request(Request.Kind.DEALLOCATE, position, bytes, done, cookie));
  }

  @Override
  public void writeZeroes(long position, long bytes, boolean durable, Done done, long cookie) {
    Request request = request(Request.Kind.WRITE_ZEROES, position, bytes, done, cookie);
    request.durable = durable;
    change(request);
  }

  private void change(Request request) {
    if (readOnly) {
      finish(request, Status.READ_ONLY);
    } else {
      hand(request);
    }
  }

  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (this) {
      while (underWay > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (!readOnly) {
      file.sync();
    }
    file.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does a request; on a worker. */
  void carryOut(Request request) {
    Status status;
    try {
      status =
          switch (request.kind) {
            case READ -> readAll(request);
            case WRITE -> writeAll(request);
            case FLUSH -> sync();
            case DEALLOCATE -> deallocate(request);
            case WRITE_ZEROES -> zero(request);
          };
    } catch (RuntimeException | Error e) {
      // A worker must live on and a command must end, whatever this was; it is a bug of ours.
      System.getLogger(FileStore.class.getName())
          .log(System.Logger.Level.ERROR, "disk request failed", e);
      status = request.kind == Request.Kind.READ ? Status.READ_ERROR : Status.WRITE_ERROR;
    }
    finish(request, status);
    synchronized (this) {
      if (--underWay == 0) {
        notifyAll();
      }
    }
  }

  private Status readAll(Request request) {
    while (request.bytes > 0) {
      long n = file.read(request.position, request.memory, request.offset, request.bytes, 0);
      if (n <= 0) {
        // 0 is the end of a file that was long enough when it was opened: somebody has cut it.
        // Zeroes would be a lie about data that was there.
        return Status.READ_ERROR;
      }
      advance(request, n);
    }
    return Status.OK;
  }

  private Status writeAll(Request request) {
    int flags = request.durable ? DiskFile.DSYNC : 0;
    while (request.bytes > 0) {
      long n = file.write(request.position, request.memory, request.offset, request.bytes, flags);
      if (n == -Errno.EOPNOTSUPP && flags != 0) {
        flags = 0;
      } else if (n <= 0) {
        return written((int) -n);
      } else {
        advance(request, n);
      }
    }
    return request.durable && flags == 0 ? sync() : durable(request);
  }

  /**
   * A durable write after a flush that failed is durable itself, but what it follows may be lost.
   */
  private Status durable(Request request) {
    return request.durable ? lost : Status.OK;
  }

  private Status sync() {
    if (lost == Status.OK) {
      int result = blockBytesToNote ? noteBlockBytes() : file.sync();
      if (result < 0) {
        lost = written(-result);
      }
    }
    return lost;
  }

  private int noteBlockBytes() {
    int result = file.note(BLOCK_BYTES, Integer.toString(blockBytes));
    if (result < 0) {
      return result;
    }
    blockBytesToNote = false;
    return file.syncAll();
  }

  private Status deallocate(Request request) {
    if (punchHole) {
      int result = file.allocate(DiskFile.Allocation.PUNCH_HOLE, request.position, request.bytes);
      if (result == 0) {
        return Status.OK;
      }
      if (result != -Errno.EOPNOTSUPP) {
        return written(-result);
      }
      punchHole = false;
    }
    return writeZeroes(request);
  }

  private Status zero(Request request) {
    Status status = zeroRange(request);
    return status == Status.OK && request.durable ? sync() : status;
  }

  private Status zeroRange(Request request) {
    if (zeroRange) {
      int result = file.allocate(DiskFile.Allocation.ZERO_RANGE, request.position, request.bytes);
      if (result == 0) {
        return Status.OK;
      }
      if (result != -Errno.EOPNOTSUPP) {
        return written(-result);
      }
      zeroRange = false;
    }
    return deallocate(request);
  }

  private Status writeZeroes(Request request) {
    while (request.bytes > 0) {
      long n = file.write(request.position, ZEROES, 0, Math.min(ZEROES_BYTES, request.bytes), 0);
      if (n <= 0) {
        return written((int) -n);
      }
      advance(request, n);
    }
    return Status.OK;
  }

  private static Status written(int errno) {
    return switch (errno) {
      case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> Status.NO_SPACE;
      case Errno.EROFS, Errno.EPERM, Errno.EBADF -> Status.READ_ONLY;
      default -> Status.WRITE_ERROR;
    };
  }

  private Request request(Request.Kind kind, long position, long bytes, Done done, long cookie) {
    Request request = completions.request();
    request.store = this;
    request.kind = kind;
    request.position = position;
    request.bytes = bytes;
    request.durable = false;
    request.done = done;
    request.cookie = cookie;
    return request;
  }

  /** Moves on by what was transferred; whether that was all. */
  private static boolean advance(Request request, long n) {
    if (n > 0) {
      request.position += n;
      request.offset += n;
      request.bytes -= n;
    }
    return request.bytes == 0;
  }

  private void hand(Request request) {
    synchronized (this) {
      underWay++;
    }
    workers.put(request);
  }

  private void finish(Request request, Status status) {
    request.status = status;
    completions.put(request);
  }
}
