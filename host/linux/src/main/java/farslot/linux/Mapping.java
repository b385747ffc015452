package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A piece of a file mapped into memory, shared with all who map it (mmap(2)). Checked against the
 * file's size when it is made. A file without {@link MemFd#SEAL_SHRINK} can be made smaller later:
 * an access then throws {@link InternalError}, perhaps a little after the access; whoever reads or
 * writes the segment must be ready to end its session for that.
 */
public final class Mapping implements AutoCloseable {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;

  private final Arena arena;
  private final MemorySegment segment;
  private final boolean writable;
  private final boolean shrinkSealed;

  private Mapping(Arena arena, MemorySegment segment, boolean writable, boolean shrinkSealed) {
    this.arena = arena;
    this.segment = segment;
    this.writable = writable;
    this.shrinkSealed = shrinkSealed;
  }

  /** For one thread: it alone may use the segment and close it, which is cheap. */
  public static Mapping confined(int fd, long offset, long bytes, boolean writable)
      throws ErrnoException {
    return map(Arena.ofConfined(), fd, offset, bytes, writable);
  }

  /** For all threads: closing costs some 100 us, and throws while any is inside a system call. */
  public static Mapping shared(int fd, long offset, long bytes, boolean writable)
      throws ErrnoException {
    return map(Arena.ofShared(), fd, offset, bytes, writable);
  }

  /** The memory; {@code fd} may be closed. */
  public MemorySegment segment() {
    return segment;
  }

  public boolean writable() {
    return writable;
  }

  /** Whether the file can never become smaller than the mapping. */
  public boolean shrinkSealed() {
    return shrinkSealed;
  }

  /** Unmaps: from now on an access through the segment, or a slice of it, throws. */
  @Override
  public void close() {
    arena.close();
  }

  @SuppressWarnings("restricted")
  private static Mapping map(Arena arena, int fd, long offset, long bytes, boolean writable)
      throws ErrnoException {
    String call = "mmap(" + fd + ", " + offset + ", " + bytes + (writable ? ", RW)" : ", R)");
    FileStat stat = FileStat.of(fd);
    if (bytes <= 0 || offset < 0 || offset > stat.sizeBytes() - bytes) {
      throw new ErrnoException(call + ", file has " + stat.sizeBytes(), Errno.EINVAL);
    }
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    long address = MemoryCalls.mmap(bytes, protection, MAP_SHARED, fd, offset);
    if (address < 0) {
      throw new ErrnoException(call, (int) -address);
    }
    MemorySegment segment =
        MemorySegment.ofAddress(address)
            .reinterpret(bytes, arena, whole -> MemoryCalls.munmap(address, bytes));
    boolean sealed = (MemFd.seals(fd) & MemFd.SEAL_SHRINK) != 0;
    return new Mapping(arena, writable ? segment : segment.asReadOnly(), writable, sealed);
  }
}
