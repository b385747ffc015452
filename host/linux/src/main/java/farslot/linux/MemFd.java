package farslot.linux;

import java.lang.foreign.Arena;

/** Memory with a descriptor, and its seals (memfd_create(2), fcntl(2)). */
public final class MemFd {
  /** Nobody may make it smaller: its mappings never fault. */
  public static final int SEAL_SHRINK = 2;

  /** Nobody may make it larger. */
  public static final int SEAL_GROW = 4;

  private static final int MFD_FLAGS = 1 | 2;

  /** FALLOC_FL_PUNCH_HOLE and KEEP_SIZE. */
  private static final int PUNCH_HOLE = 3;

  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;

  private MemFd() {}

  /** Zeroed memory; {@code name} shows in {@code /proc}. Sealing is allowed. */
  public static int create(String name, long sizeBytes) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = MemoryCalls.memfdCreate(arena.allocateFrom(name).address(), MFD_FLAGS);
      Fd.check(fd, "memfd_create(" + name + ")");
      try {
        Fd.truncate(fd, sizeBytes);
        return fd;
      } catch (ErrnoException e) {
        Fd.close(fd);
        throw e;
      }
    }
  }

  /** Gives all of its memory back: it reads as zeroes, and keeps its size. */
  public static void clear(int fd, long sizeBytes) throws ErrnoException {
    Fd.check(
        FileCalls.fallocate(fd, PUNCH_HOLE, 0, sizeBytes), "fallocate(" + fd + ", PUNCH_HOLE)");
  }

  /** Adds seals, for ever. */
  public static void seal(int fd, int seals) throws ErrnoException {
    Fd.check(FileCalls.fcntl(fd, F_ADD_SEALS, seals), "fcntl(F_ADD_SEALS, " + fd + ")");
  }

  /** The seals it has; 0 too for files that cannot be sealed. */
  public static int seals(int fd) {
    return Math.max(0, FileCalls.fcntl(fd, F_GET_SEALS, 0));
  }
}
