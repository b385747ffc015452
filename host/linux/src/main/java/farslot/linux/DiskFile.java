package farslot.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;

/**
 * A regular file or block device for a disk: positional I/O straight from and to native memory,
 * holes, durability and a lock, with the error numbers that FileChannel turns into prose. Nothing
 * here allocates once a thread has made its first call. Any thread may call; {@link #close} only
 * when no other call is under way.
 */
@SuppressWarnings("restricted")
public final class DiskFile implements AutoCloseable {
  /** Return at once with {@link Errno#EAGAIN} rather than wait for the medium. */
  public static final int NOWAIT = 8;

  /** The bytes of this write are durable when it returns (as if O_DSYNC). */
  public static final int DSYNC = 2;

  /** Error numbers that a disk's owner distinguishes (Linux, asm-generic). */
  public static final int EPERM = 1;

  public static final int EBADF = 9;
  public static final int EACCES = 13;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EOPNOTSUPP = 95;
  public static final int EDQUOT = 122;

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
  }

  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_OFD_SETLK = 37;
  private static final int SEEK_END = 2;
  private static final int EINTR = 4;

  /** struct flock of 64-bit Linux: type 0, whence 2, start 8, len 16, pid 24. */
  private static final int FLOCK_BYTES = 32;

  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN = variadic("open", 2, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle CLOSE = call("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle LSEEK = call("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle FTRUNCATE = call("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle FDATASYNC = call("fdatasync", JAVA_INT, JAVA_INT);
  private static final MethodHandle FSYNC = call("fsync", JAVA_INT, JAVA_INT);
  private static final MethodHandle FALLOCATE =
      call("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PREADV2 = vectored("preadv2");
  private static final MethodHandle PWRITEV2 = vectored("pwritev2");

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private final String path;
  private final int fd;

  private DiskFile(String path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /** What a thread needs for its calls, made once. */
  private static final class Scratch {
    final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
    final MemorySegment iovec = Arena.ofAuto().allocate(16, 8);

    int errno() {
      return (int) ERRNO_VALUE.get(errno, 0L);
    }
  }

  /** Opens what is there. */
  public static DiskFile open(String path, boolean readOnly) throws ErrnoException {
    return open(path, readOnly ? O_RDONLY : O_RDWR, 0);
  }

  /** Creates a file that must not be there yet, mode 0600. */
  public static DiskFile create(String path) throws ErrnoException {
    return open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
  }

  private static DiskFile open(String path, int flags, int mode) throws ErrnoException {
    Scratch scratch = SCRATCH.get();
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          (int) OPEN.invokeExact(scratch.errno, arena.allocateFrom(path), flags | O_CLOEXEC, mode);
      if (fd < 0) {
        throw new ErrnoException("open(" + path + ")", scratch.errno());
      }
      return new DiskFile(path, fd);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Makes names created in a directory durable. */
  public static void syncDirectory(String directory) throws ErrnoException {
    try (DiskFile file = open(directory, O_RDONLY, 0)) {
      Scratch scratch = SCRATCH.get();
      if ((int) FSYNC.invokeExact(scratch.errno, file.fd) < 0) {
        throw new ErrnoException("fsync(" + directory + ")", scratch.errno());
      }
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /**
   * Locks the whole file for this opening of it (F_OFD_SETLK): shared by readers, else exclusive.
   *
   * @return false when somebody else, in this process or another, has it
   */
  public boolean lock(boolean shared) throws ErrnoException {
    Scratch scratch = SCRATCH.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flock = arena.allocate(FLOCK_BYTES, 8);
      flock.set(ValueLayout.JAVA_SHORT, 0, shared ? F_RDLCK : F_WRLCK);
      if ((int) FCNTL.invokeExact(scratch.errno, fd, F_OFD_SETLK, flock) == 0) {
        return true;
      }
      int errno = scratch.errno();
      if (errno == Errno.EAGAIN || errno == EACCES) { // POSIX lets either say it
        return false;
      }
      throw new ErrnoException("fcntl(" + path + ", F_OFD_SETLK)", errno);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Its length, of a block device too, bytes. */
  public long sizeBytes() throws ErrnoException {
    Scratch scratch = SCRATCH.get();
    try {
      long size = (long) LSEEK.invokeExact(scratch.errno, fd, 0L, SEEK_END);
      if (size < 0) {
        throw new ErrnoException("lseek(" + path + ")", scratch.errno());
      }
      return size;
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Sets its length; new bytes are a hole. */
  public void truncate(long bytes) throws ErrnoException {
    Scratch scratch = SCRATCH.get();
    try {
      if ((int) FTRUNCATE.invokeExact(scratch.errno, fd, bytes) < 0) {
        throw new ErrnoException("ftruncate(" + path + ", " + bytes + ")", scratch.errno());
      }
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /**
   * Reads at a position.
   *
   * @param to native memory
   * @param flags 0 or {@link #NOWAIT}
   * @return bytes read, 0 at the end, or a negative errno; may be fewer than asked for
   */
  public long read(long position, MemorySegment to, long offset, long bytes, int flags) {
    return transfer(PREADV2, position, to, offset, bytes, flags);
  }

  /**
   * Writes at a position.
   *
   * @param from native memory
   * @param flags 0 or a sum of {@link #NOWAIT} and {@link #DSYNC}
   * @return bytes written, or a negative errno; may be fewer than asked for
   */
  public long write(long position, MemorySegment from, long offset, long bytes, int flags) {
    return transfer(PWRITEV2, position, from, offset, bytes, flags);
  }

  private long transfer(
      MethodHandle call, long position, MemorySegment memory, long offset, long bytes, int flags) {
    if (!memory.isNative() || offset < 0 || bytes < 0 || bytes > memory.byteSize() - offset) {
      throw new IndexOutOfBoundsException(
          "not native memory of " + offset + "+" + bytes + ": " + memory);
    }
    Scratch scratch = SCRATCH.get();
    scratch.iovec.set(JAVA_LONG, 0, memory.address() + offset);
    scratch.iovec.set(JAVA_LONG, 8, bytes);
    try {
      while (true) {
        long n = (long) call.invokeExact(scratch.errno, fd, scratch.iovec, 1, position, flags);
        if (n >= 0) {
          return n;
        }
        int errno = scratch.errno();
        if (errno != EINTR) {
          return -errno;
        }
      }
    } catch (Throwable t) {
      throw unexpected(t);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** Punches a hole or zeroes a range. Returns 0 or a negative errno. */
  public int allocate(Allocation what, long position, long bytes) {
    Scratch scratch = SCRATCH.get();
    try {
      int result;
      do {
        result = (int) FALLOCATE.invokeExact(scratch.errno, fd, what.mode, position, bytes);
      } while (result < 0 && scratch.errno() == EINTR);
      return result < 0 ? -scratch.errno() : 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Everything written is on stable media (fdatasync). Returns 0 or a negative errno. */
  public int sync() {
    Scratch scratch = SCRATCH.get();
    try {
      int result = (int) FDATASYNC.invokeExact(scratch.errno, fd);
      return result < 0 ? -scratch.errno() : 0;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Gives the descriptor and its lock back. */
  @Override
  public void close() {
    try {
      // An error of close() is one of an earlier write, and sync() has had the chance to say it.
      int ignored = (int) CLOSE.invokeExact(SCRATCH.get().errno, fd);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), ERRNO);
  }

  private static MethodHandle variadic(String name, int firstVariadic, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        ERRNO,
        Linker.Option.firstVariadicArg(firstVariadic));
  }

  private static MethodHandle vectored(String name) {
    return call(name, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT);
  }

  private static ErrnoException failed(Throwable t) {
    if (t instanceof ErrnoException e) {
      return e;
    }
    throw unexpected(t);
  }

  private static RuntimeException unexpected(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    return t instanceof RuntimeException e ? e : new IllegalStateException(t);
  }
}
