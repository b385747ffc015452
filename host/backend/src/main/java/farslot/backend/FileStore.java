package farslot.backend;

import farslot.backend.Request.Operation;
import farslot.function.BlockStore;
import farslot.function.FunctionPort;
import farslot.linux.DiskFile;
import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A disk in a file or on a block device. What the page cache can answer at once is answered on the
 * agent thread (RWF_NOWAIT), because going elsewhere costs more than the copy; everything else goes
 * to an {@link Engine}. Past the page cache (direct) nothing can be answered at once.
 */
final class FileStore implements BlockStore, FileSteps.Ends {
  /**
   * The most that is read or written on the agent thread, bytes. Not for the copy's sake: a read
   * through the page cache that has to begin with the medium begins readahead, too, and on a disk
   * whose queue is full that took 14 ms with 128 KiB at depth 8 where nothing else is to wait.
   */
  static final int INLINE_BYTES_MAX = 16 << 10;

  /** What addresses in memory have to be multiples of, past the page cache. */
  private static final int DIRECT_ALIGNMENT = 512;

  /** What is copied at once where they are not. */
  private static final int BOUNCE_BYTES = 128 << 10;

  /** Where an image says what a Format has made of it. */
  private static final String BLOCK_BYTES = "user.farslot.block-bytes";

  /** Shared by all, never written. */
  private static final MemorySegment ZEROES = Arena.global().allocate(FileSteps.ZEROES_BYTES, 4096);

  private static final ThreadLocal<MemorySegment> BOUNCES =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BOUNCE_BYTES, 4096));

  private final DiskFile file;
  private final long sizeBytes;
  private final boolean readOnly;
  private final boolean direct;
  private final Engine engine;

  /** For what {@link #engine} cannot do. */
  private final Workers workers;

  /** Where its requests wait at a ring. */
  private final Line line = new Line();

  private final FileSteps steps;
  private final Completions completions = new Completions();

  /** Requests that have not been answered at once and have not ended; on this object's monitor. */
  private int underWay;

  private boolean inlineReads;
  private boolean inlineWrites;
  private final boolean keepsBlockBytes;
  private volatile int blockBytes;
  private volatile boolean blockBytesToNote;

  /**
   * What a store is made of.
   *
   * @param sizeBytes at most the length of the file
   * @param inline answers from the page cache on the agent thread; not with {@code direct}
   * @param direct the file has been opened past the page cache
   */
  record Options(long sizeBytes, boolean readOnly, boolean inline, boolean direct) {}

  FileStore(DiskFile file, Options options, Engine engine, Workers workers) {
    this.file = file;
    this.sizeBytes = options.sizeBytes();
    this.readOnly = options.readOnly();
    this.direct = options.direct();
    this.engine = engine;
    this.workers = workers;
    steps = new FileSteps(!direct);
    inlineReads = options.inline() && !direct;
    inlineWrites = inlineReads;
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
    long n = readInline(position, to, offset, bytes);
    Request request = read(position, to, offset, bytes, done, cookie, n);
    if (n == bytes) {
      answer(request, Status.OK);
    } else {
      begin(request);
    }
  }

  @Override
  public boolean readAtOnce(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    long n = readInline(position, to, offset, bytes);
    if (n == bytes) {
      return true;
    }
    begin(read(position, to, offset, bytes, done, cookie, n));
    return false;
  }

  /** How much of it the page cache has given at once; 0 for nothing. */
  private long readInline(long position, MemorySegment to, long offset, int bytes) {
    if (!inlineReads || bytes > INLINE_BYTES_MAX) {
      return 0;
    }
    long n = file.read(position, to, offset, bytes, DiskFile.NOWAIT);
    inlineReads = n != -Errno.EOPNOTSUPP;
    return Math.max(0, n);
  }

  /** A read of which the first {@code n} bytes are there. */
  private Request read(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie, long n) {
    Request request = request(Request.Kind.READ, position, bytes, done, cookie);
    request.memory = to;
    request.offset = offset;
    FileSteps.advance(request, n);
    return request;
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
      answer(request, Status.READ_ONLY);
      return;
    }
    if (inlineWrites && !durable && bytes <= INLINE_BYTES_MAX) {
      long n = file.write(position, from, offset, bytes, DiskFile.NOWAIT);
      inlineWrites = n != -Errno.EOPNOTSUPP;
      if (FileSteps.advance(request, n)) {
        answer(request, Status.OK);
        return;
      }
    }
    begin(request);
  }

  @Override
  public void flush(Done done, long cookie) {
    Request request = request(Request.Kind.FLUSH, 0, 0, done, cookie);
    if (readOnly) {
      answer(request, Status.OK);
    } else {
      begin(request);
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
      answer(request, Status.READ_ONLY);
    } else {
      begin(request);
    }
  }

  /** Waits until the kernel has let go of all memory and nobody touches the file any more. */
  @Override
  public void close() {
    engine.drain(this);
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

  /** Ends a request that needed nobody else. */
  private void answer(Request request, Status status) {
    request.status = status;
    completions.put(request);
  }

  private void begin(Request request) {
    synchronized (this) {
      underWay++;
    }
    Request first = steps.begin(request, blockBytesToNote, this);
    if (first != null) {
      go(first);
    }
  }

  /** Has an operation carried out by whoever can; on the agent thread. */
  void go(Request request) {
    boolean elsewhere = request.operation == Operation.NOTE || bounces(request);
    (elsewhere ? workers : engine).put(request);
  }

  /**
   * An operation has ended; by whoever has carried it out.
   *
   * @return what comes next, of this request or another; null for nothing
   */
  Request ended(Request request, long result) {
    return steps.ended(request, result, this);
  }

  @Override
  public void end(Request request) {
    completions.put(request);
    synchronized (this) {
      if (--underWay == 0) {
        notifyAll();
      }
    }
  }

  /** Whether anything is under way. */
  synchronized boolean isBusy() {
    return underWay > 0;
  }

  /** Its place at a ring. */
  Line line() {
    return line;
  }

  /** The file, for whoever carries out operations. */
  DiskFile file() {
    return file;
  }

  /** How many bytes of zeroes an operation writes at most. */
  static int zeroBytes(Request request) {
    return (int) Math.min(FileSteps.ZEROES_BYTES, request.bytes);
  }

  /** What an operation that writes zeroes writes. */
  static MemorySegment zeroes() {
    return ZEROES;
  }

  /** Does an operation and waits for it; on a worker. Bytes, 0, or a negative errno. */
  long perform(Request r) {
    return switch (r.operation) {
      case READ ->
          bounces(r) ? readBounced(r) : file.read(r.position, r.memory, r.offset, r.bytes, 0);
      case WRITE ->
          bounces(r)
              ? writeBounced(r)
              : file.write(r.position, r.memory, r.offset, r.bytes, r.flags);
      case WRITE_ZEROES -> file.write(r.position, ZEROES, 0, zeroBytes(r), 0);
      case ZERO_RANGE -> file.allocate(DiskFile.Allocation.ZERO_RANGE, r.position, r.bytes);
      case PUNCH_HOLE -> file.allocate(DiskFile.Allocation.PUNCH_HOLE, r.position, r.bytes);
      case SYNC -> file.sync();
      case NOTE -> note();
    };
  }

  /** Whether the memory is such that the kernel would not take it past the page cache. */
  private boolean bounces(Request r) {
    return direct && r.memory != null && (r.memory.address() + r.offset) % DIRECT_ALIGNMENT != 0;
  }

  /** Whether the kernel should not even begin a read on the agent thread. */
  boolean isSlowToBegin(Request r) {
    return !direct && r.bytes > INLINE_BYTES_MAX;
  }

  private long readBounced(Request r) {
    MemorySegment bounce = BOUNCES.get();
    long n = file.read(r.position, bounce, 0, Math.min(BOUNCE_BYTES, r.bytes), 0);
    if (n > 0) {
      MemorySegment.copy(bounce, 0, r.memory, r.offset, n);
    }
    return n;
  }

  private long writeBounced(Request r) {
    MemorySegment bounce = BOUNCES.get();
    long n = Math.min(BOUNCE_BYTES, r.bytes);
    MemorySegment.copy(r.memory, r.offset, bounce, 0, n);
    return file.write(r.position, bounce, 0, n, r.flags);
  }

  private int note() {
    int result = file.note(BLOCK_BYTES, Integer.toString(blockBytes));
    if (result < 0) {
      return result;
    }
    blockBytesToNote = false;
    return file.syncAll();
  }
}
