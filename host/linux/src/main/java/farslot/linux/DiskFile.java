package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A regular file or block device for a disk: positional I/O straight from and to native memory,
 * holes, durability and a lock, with the error numbers that FileChannel turns into prose. Nothing
 * here allocates once a thread has made its first call. Any thread may call; {@link #close} only
 * when no other call is under way.
 */
public final class DiskFile implements AutoCloseable {
  /** RWF_NOWAIT: return at once with {@link Errno#EAGAIN} rather than wait for the medium. */
  public static final int NOWAIT = 8;

  /** RWF_DSYNC: the bytes of this write are durable when it returns (as if O_DSYNC). */
  public static final int DSYNC = 2;

  /** What {@link #allocate} does to a range; the file keeps its length. */
  public enum Allocation {
    /** Gives the space back; reads as zeroes (FALLOC_FL_PUNCH_HOLE). */
    PUNCH_HOLE(3),
    /** Keeps or takes space; reads as zeroes (FALLOC_FL_ZERO_RANGE). */
    ZERO_RANGE(0x11);

    private final int mode;

    Allocation(int mode) {
      this.mode = mode;
    }

    int mode() {
      return mode;
    }
  }

  /** One of the few flags that differ between machines. */
  private static final int O_DIRECT =
      System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;

  private static final int MODE = 0600;
  private static final int ENODATA = 61;
  private static final int NOTE_BYTES_MAX = 256;
  private static final int F_OFD_SETLK = 37;
  private static final int SEEK_END = 2;

  /** struct flock of 64-bit Linux: type 0, whence 2, start 8, len 16, pid 24. */
  private static final int FLOCK_BYTES = 32;

  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;

  /** struct iovec: base 0, length 8. One a thread. */
  private static final ThreadLocal<MemorySegment> IOVECS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(16, 8));

  private final String path;
  private final int fd;

  private DiskFile(String path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /** Opens what is there. */
  public static DiskFile open(String path, boolean readOnly) throws ErrnoException {
    return open(path, readOnly, false);
  }

  /**
   * Opens what is there.
   *
   * @param direct past the page cache (O_DIRECT): memory, positions and lengths are multiples of
   *     what the disk wants, 512 bytes for most; {@link Errno#EINVAL} where that cannot be had
   */
  public static DiskFile open(String path, boolean readOnly, boolean direct) throws ErrnoException {
    int flags = (readOnly ? Fd.READ_ONLY : Fd.READ_WRITE) | (direct ? O_DIRECT : 0);
    return new DiskFile(path, Fd.open(path, flags, 0));
  }

  /** Creates a file that must not be there yet, mode 0600. */
  public static DiskFile create(String path) throws ErrnoException {
    return new DiskFile(path, Fd.open(path, Fd.READ_WRITE | Fd.CREATE | Fd.EXCLUSIVE, MODE));
  }

  int fd() {
    return fd;
  }

  /** Makes names created in a directory durable. */
  public static void syncDirectory(String directory) throws ErrnoException {
    int fd = Fd.open(directory, Fd.READ_ONLY, 0);
    try {
      Fd.check(DiskCalls.fsync(fd), "fsync(" + directory + ")");
    } finally {
      Fd.close(fd);
    }
  }

  /**
   * Locks the whole file for this opening of it (F_OFD_SETLK): shared by readers, else exclusive.
   *
   * @return false when somebody else, in this process or another, has it
   */
  public boolean lock(boolean shared) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flock = arena.allocate(FLOCK_BYTES, 8);
      flock.set(ValueLayout.JAVA_SHORT, 0, shared ? F_RDLCK : F_WRLCK);
      int result = DiskCalls.lock(fd, F_OFD_SETLK, flock.address());
      if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
        return false; // POSIX lets either say it
      }
      Fd.check(result, "fcntl(" + path + ", F_OFD_SETLK)");
      return true;
    }
  }

  /** Its length, of a block device too, bytes. */
  public long sizeBytes() throws ErrnoException {
    long size = DiskCalls.lseek(fd, 0, SEEK_END);
    if (size < 0) {
      throw new ErrnoException("lseek(" + path + ")", (int) -size);
    }
    return size;
  }

  /** Sets its length; new bytes are a hole. */
  public void truncate(long bytes) throws ErrnoException {
    Fd.check(FileCalls.ftruncate(fd, bytes), "ftruncate(" + path + ", " + bytes + ")");
  }

  /**
   * Reads at a position.
   *
   * @param to native memory
   * @param flags 0 or {@link #NOWAIT}
   * @return bytes read, 0 at the end, or a negative errno; may be fewer than asked for
   */
  public long read(long position, MemorySegment to, long offset, long bytes, int flags) {
    long iovec = iovec(to, offset, bytes);
    long result;
    do {
      result = DiskCalls.preadv2(fd, iovec, position, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  /**
   * Writes at a position.
   *
   * @param from native memory
   * @param flags 0 or a sum of {@link #NOWAIT} and {@link #DSYNC}
   * @return bytes written, or a negative errno; may be fewer than asked for
   */
  public long write(long position, MemorySegment from, long offset, long bytes, int flags) {
    long iovec = iovec(from, offset, bytes);
    long result;
    do {
      result = DiskCalls.pwritev2(fd, iovec, position, flags);
    } while (result == -Errno.EINTR);
    return result;
  }

  private static long iovec(MemorySegment memory, long offset, long bytes) {
    MemorySegment iovec = IOVECS.get();
    iovec.set(ValueLayout.JAVA_LONG, 0, Calls.address(memory, offset, bytes));
    iovec.set(ValueLayout.JAVA_LONG, 8, bytes);
    return iovec.address();
  }

  /** Punches a hole or zeroes a range. Returns 0 or a negative errno. */
  public int allocate(Allocation what, long position, long bytes) {
    int result;
    do {
      result = FileCalls.fallocate(fd, what.mode, position, bytes);
    } while (result == -Errno.EINTR);
    return result;
  }

  /** Everything written is on stable media (fdatasync). Returns 0 or a negative errno. */
  public int sync() {
    return FileCalls.fdatasync(fd);
  }

  /** As {@link #sync}, with everything that is noted about the file (fsync). */
  public int syncAll() {
    return DiskCalls.fsync(fd);
  }

  /**
   * What is noted about the file under a name (an extended attribute).
   *
   * @param name for example {@code user.farslot.block-bytes}
   * @return the text, empty when nothing is noted
   * @throws ErrnoException with {@link Errno#EOPNOTSUPP} where the filesystem keeps no notes
   */
  public String note(String name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(NOTE_BYTES_MAX);
      long at = value.address();
      long n = DiskCalls.fgetxattr(fd, arena.allocateFrom(name).address(), at, NOTE_BYTES_MAX);
      if (n == -ENODATA) {
        return "";
      }
      if (n < 0) {
        throw new ErrnoException("fgetxattr(" + path + ", " + name + ")", (int) -n);
      }
      byte[] bytes = value.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Notes something about the file. Returns 0 or a negative errno. */
  public int note(String name, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(text);
      long bytes = value.byteSize() - 1;
      return DiskCalls.fsetxattr(fd, arena.allocateFrom(name).address(), value.address(), bytes);
    }
  }

  /** Gives the descriptor and its lock back. */
  @Override
  public void close() {
    Fd.close(fd);
  }
}
