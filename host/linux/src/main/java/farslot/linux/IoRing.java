package farslot.linux;

import static farslot.linux.IoRingLayout.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Requests to files that the kernel carries out while this thread does something else (io_uring(7),
 * Linux 5.6). Prepared ones go with one call of {@link #submit}; ends come in any order, each with
 * the tag of its request. {@link #fd} is readable while ends wait. Whoever makes a request keeps
 * its memory alive and still until its end has come. One thread at a time; allocates nothing per
 * request.
 *
 * <p>A kernel may be too old, and an administrator or a container may forbid it (sysctl
 * kernel.io_uring_disabled, seccomp): {@link #open} then throws, and says so.
 */
public final class IoRing implements AutoCloseable {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final VarHandle INDEX = INT.varHandle();
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_POPULATE = 0x8001;
  private static final int[] OPERATIONS = {OP_READ, OP_WRITE, OP_FSYNC, OP_FALLOCATE};

  private final int fd;
  private final MemorySegment rings;
  private final MemorySegment sqes;
  private final int sqEntries;
  private final int cqEntries;
  private final long sqHeadAt;
  private final long sqTailAt;
  private final long sqFlagsAt;
  private final long cqHeadAt;
  private final long cqTailAt;
  private final long cqesAt;

  /** Where the next request goes; the kernel learns of it in {@link #submit}. */
  private int sqTail;

  private int sqSubmitted;
  private int cqHead;
  private long tag;
  private int result;

  /**
   * Makes one.
   *
   * @param entries requests that can be prepared between two calls of {@link #submit}; rounded up
   *     to a power of two
   * @param endsMax ends that fit in without the kernel having to keep them elsewhere; likewise
   * @throws ErrnoException {@link Errno#ENOSYS} or {@link Errno#EOPNOTSUPP}: not in this kernel;
   *     {@link Errno#EPERM}: forbidden
   */
  public static IoRing open(int entries, int endsMax) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = arena.allocate(PARAMS_BYTES, 8);
      int fd = setup(params, entries, endsMax, SETUP_COOP_TASKRUN);
      if (fd == -Errno.EINVAL) {
        // Before Linux 5.19 the kernel interrupts us for each end instead of waiting for our next
        // call.
        fd = setup(params, entries, endsMax, 0);
      }
      Fd.check(fd, "io_uring_setup(" + entries + ")");
      try {
        check(fd, params);
        return new IoRing(fd, params);
      } catch (ErrnoException e) {
        Fd.close(fd);
        throw e;
      }
    }
  }

  private static int setup(MemorySegment params, int entries, int endsMax, int flags) {
    params.fill((byte) 0);
    params.set(INT, PARAMS_FLAGS, SETUP_CQSIZE | SETUP_CLAMP | flags);
    params.set(INT, PARAMS_CQ_ENTRIES, endsMax);
    return UringCalls.setup(entries, params.address());
  }

  /** Whether the kernel has what is used here. */
  private static void check(int fd, MemorySegment params) throws ErrnoException {
    int needed = FEATURE_SINGLE_MMAP | FEATURE_NODROP;
    int features = params.get(INT, PARAMS_FEATURES);
    if ((features & needed) != needed) {
      throw new ErrnoException("io_uring_setup, features " + features, Errno.EOPNOTSUPP);
    }
    try (Arena arena = Arena.ofConfined()) {
      int count = OP_WRITE + 1;
      MemorySegment probe = arena.allocate(PROBE_BYTES + (long) count * PROBE_OP_BYTES, 8);
      Fd.check(
          UringCalls.register(fd, REGISTER_PROBE, probe.address(), count), "io_uring_register");
      for (int operation : OPERATIONS) {
        long at = PROBE_BYTES + (long) operation * PROBE_OP_BYTES + PROBE_OP_FLAGS;
        if ((probe.get(ValueLayout.JAVA_SHORT, at) & PROBE_OP_SUPPORTED) == 0) {
          throw new ErrnoException("io_uring, operation " + operation, Errno.EOPNOTSUPP);
        }
      }
    }
  }

  private IoRing(int fd, MemorySegment params) throws ErrnoException {
    this.fd = fd;
    sqEntries = params.get(INT, PARAMS_SQ_ENTRIES);
    cqEntries = params.get(INT, PARAMS_CQ_ENTRIES);
    sqHeadAt = params.get(INT, SQ_HEAD);
    sqTailAt = params.get(INT, SQ_TAIL);
    sqFlagsAt = params.get(INT, SQ_FLAGS);
    cqHeadAt = params.get(INT, CQ_HEAD);
    cqTailAt = params.get(INT, CQ_TAIL);
    cqesAt = params.get(INT, CQ_CQES);
    long arrayAt = params.get(INT, SQ_ARRAY);
    long ringsBytes =
        Math.max(arrayAt + (long) sqEntries * Integer.BYTES, cqesAt + (long) cqEntries * CQE_BYTES);
    rings = map(fd, MAP_RINGS, ringsBytes);
    try {
      sqes = map(fd, MAP_SQES, (long) sqEntries * SQE_BYTES);
    } catch (ErrnoException e) {
      MemoryCalls.munmap(rings.address(), rings.byteSize());
      throw e;
    }
    for (int i = 0; i < sqEntries; i++) {
      rings.set(INT, arrayAt + (long) i * Integer.BYTES, i);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment map(int fd, long offset, long bytes) throws ErrnoException {
    long address = MemoryCalls.mmap(bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
    if (address < 0) {
      throw new ErrnoException("mmap(io_uring, " + bytes + ")", (int) -address);
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** For epoll: readable while {@link #next} would find something. */
  public int fd() {
    return fd;
  }

  /** Ends that fit in at once: with no more requests under way, none has to wait in the kernel. */
  public int endsMax() {
    return cqEntries;
  }

  /** Whether another request can be prepared before {@link #submit}. */
  public boolean hasRoom() {
    return sqTail - (int) INDEX.getAcquire(rings, sqHeadAt) < sqEntries;
  }

  /**
   * Prepares a read (as {@link DiskFile#read}); there must be room.
   *
   * @param elsewhere on a worker of the kernel from the start, where it keeps this thread from
   *     nothing: even to begin a read can take long, when the disk's queue is full
   * @param tag comes back with its end
   */
  public void read(
      DiskFile file,
      long position,
      MemorySegment to,
      long offset,
      int bytes,
      boolean elsewhere,
      long tag) {
    long address = Calls.address(to, offset, bytes);
    int how = elsewhere ? OP_READ | SQE_ASYNC : OP_READ;
    prepare(how, file.fd(), position, address, bytes, 0, tag);
  }

  /**
   * Prepares a write (as {@link DiskFile#write}); there must be room.
   *
   * @param flags 0 or {@link DiskFile#DSYNC}
   */
  public void write(
      DiskFile file,
      long position,
      MemorySegment from,
      long offset,
      int bytes,
      int flags,
      long tag) {
    long address = Calls.address(from, offset, bytes);
    prepare(OP_WRITE, file.fd(), position, address, bytes, flags, tag);
  }

  /** Prepares an fdatasync; there must be room. It waits for none of the requests before it. */
  public void sync(DiskFile file, long tag) {
    prepare(OP_FSYNC, file.fd(), 0, 0, 0, FSYNC_DATASYNC, tag);
  }

  /** Prepares a {@link DiskFile#allocate}; there must be room. */
  public void allocate(
      DiskFile file, DiskFile.Allocation what, long position, long bytes, long tag) {
    prepare(OP_FALLOCATE, file.fd(), position, bytes, what.mode(), 0, tag);
  }

  /** Prepares a request that does nothing and ends with 0; there must be room. */
  void nothing(long tag) {
    prepare(OP_NOP, -1, 0, 0, 0, 0, tag);
  }

  private void prepare(
      int operation, int file, long off, long address, int length, int flags, long userData) {
    assert hasRoom() : "the submission ring is full";
    long at = (long) (sqTail & sqEntries - 1) * SQE_BYTES;
    sqes.set(INT, at + SQE_OPCODE, operation);
    sqes.set(INT, at + SQE_FD, file);
    sqes.set(LONG, at + SQE_OFF, off);
    sqes.set(LONG, at + SQE_ADDR, address);
    sqes.set(INT, at + SQE_LEN, length);
    sqes.set(INT, at + SQE_OP_FLAGS, flags);
    sqes.set(LONG, at + SQE_USER_DATA, userData);
    // The kernel has never been given anything but zeroes in the rest.
    sqTail++;
  }

  /**
   * Hands over what has been prepared. What can be done at once is done before this returns; the
   * rest goes on elsewhere.
   *
   * @return how many the kernel has not taken, for want of memory or because too many ends wait:
   *     call again later
   */
  public int submit() throws ErrnoException {
    INDEX.setRelease(rings, sqTailAt, sqTail);
    while (sqSubmitted != sqTail) {
      int taken = UringCalls.enter(fd, sqTail - sqSubmitted, 0, 0);
      if (taken > 0) {
        sqSubmitted += taken;
      } else if (taken == 0 || taken == -Errno.EAGAIN || taken == -Errno.EBUSY) {
        break;
      } else if (taken != -Errno.EINTR) {
        throw new ErrnoException("io_uring_enter(" + fd + ")", -taken);
      }
    }
    return sqTail - sqSubmitted;
  }

  /** Waits until an end is there. At least one request must be under way. */
  public void await() throws ErrnoException {
    while (isEmpty()) {
      int taken = UringCalls.enter(fd, 0, 1, ENTER_GETEVENTS);
      if (taken < 0 && taken != -Errno.EINTR && taken != -Errno.EBUSY) {
        throw new ErrnoException("io_uring_enter(" + fd + ", GETEVENTS)", -taken);
      }
    }
  }

  /** Goes on to the next end: false when there is none. */
  public boolean next() {
    if (isEmpty() && !fetchOverflow()) {
      return false;
    }
    long at = cqesAt + (long) (cqHead & cqEntries - 1) * CQE_BYTES;
    tag = rings.get(LONG, at + CQE_USER_DATA);
    result = rings.get(INT, at + CQE_RES);
    INDEX.setRelease(rings, cqHeadAt, ++cqHead);
    return true;
  }

  /** Of the request whose end {@link #next} has found. */
  public long tag() {
    return tag;
  }

  /** How it ended: bytes transferred, or a negative errno. */
  public int result() {
    return result;
  }

  private boolean isEmpty() {
    return cqHead == (int) INDEX.getAcquire(rings, cqTailAt);
  }

  /** Has the kernel put the ends here that had no room; whether there were any. */
  private boolean fetchOverflow() {
    if (((int) INDEX.getAcquire(rings, sqFlagsAt) & SQ_CQ_OVERFLOW) == 0) {
      return false;
    }
    // Whatever it answers: what counts is whether something is here now.
    UringCalls.enter(fd, 0, 0, ENTER_GETEVENTS);
    return !isEmpty();
  }

  /** Gives it back; no request may be under way, because the kernel might still write. */
  @Override
  public void close() {
    MemoryCalls.munmap(sqes.address(), sqes.byteSize());
    MemoryCalls.munmap(rings.address(), rings.byteSize());
    Fd.close(fd);
  }
}
