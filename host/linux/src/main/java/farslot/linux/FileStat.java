package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a file is (statx(2)).
 *
 * @param device major number in the upper 32 bits, minor in the lower
 * @param inode with {@code device}, the file's identity while anybody holds it
 * @param sizeBytes of a regular file
 * @param mode type and permissions
 */
public record FileStat(long device, long inode, long sizeBytes, int mode) {
  private static final int TYPE_MASK = 0xF000;
  private static final int TYPE_SOCKET = 0xC000;
  private static final int TYPE_REGULAR = 0x8000;
  private static final int TYPE_DIRECTORY = 0x4000;

  /** struct statx, the same on every machine. */
  private static final int STATX_BYTES = 256;

  private static final int MODE_AT = 28;
  private static final int INODE_AT = 32;
  private static final int SIZE_AT = 40;
  private static final int DEVICE_MAJOR_AT = 136;
  private static final int DEVICE_MINOR_AT = 140;
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7FF;

  /** Of an open descriptor. */
  public static FileStat of(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      return stat(arena, fd, "", AT_EMPTY_PATH, "fstat(" + fd + ")");
    }
  }

  /** Of a path, symbolic links followed. */
  public static FileStat of(String path) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      return stat(arena, AT_FDCWD, path, 0, "stat(" + path + ")");
    }
  }

  private static FileStat stat(Arena arena, int fd, String path, int flags, String call)
      throws ErrnoException {
    MemorySegment into = arena.allocate(STATX_BYTES, Long.BYTES);
    long name = arena.allocateFrom(path).address();
    Fd.check(FileCalls.statx(fd, name, flags, STATX_BASIC_STATS, into.address()), call);
    long major = Integer.toUnsignedLong(into.get(ValueLayout.JAVA_INT, DEVICE_MAJOR_AT));
    long minor = Integer.toUnsignedLong(into.get(ValueLayout.JAVA_INT, DEVICE_MINOR_AT));
    return new FileStat(
        major << 32 | minor,
        into.get(ValueLayout.JAVA_LONG, INODE_AT),
        into.get(ValueLayout.JAVA_LONG, SIZE_AT),
        Short.toUnsignedInt(into.get(ValueLayout.JAVA_SHORT, MODE_AT)));
  }

  public boolean isSocket() {
    return (mode & TYPE_MASK) == TYPE_SOCKET;
  }

  public boolean isRegular() {
    return (mode & TYPE_MASK) == TYPE_REGULAR;
  }

  public boolean isDirectory() {
    return (mode & TYPE_MASK) == TYPE_DIRECTORY;
  }
}
