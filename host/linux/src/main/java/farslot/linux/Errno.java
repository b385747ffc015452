package farslot.linux;

/** Linux error numbers that the code distinguishes, and their words (asm-generic/errno.h). */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EINVAL = 22;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EPIPE = 32;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int EPROTO = 71;
  public static final int EBADFD = 77;
  public static final int EOVERFLOW = 75;
  public static final int EMSGSIZE = 90;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETDOWN = 100;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ENOBUFS = 105;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EINPROGRESS = 115;
  public static final int EDQUOT = 122;

  /** User space's name for {@link #EOPNOTSUPP}; Linux's own 524 never leaves the kernel. */
  public static final int ENOTSUP = EOPNOTSUPP;

  private Errno() {}

  /** For people: {@code EAGAIN (11, try again)}. */
  public static String describe(int errno) {
    String words = words(errno);
    return words == null ? "errno " + errno : words;
  }

  private static String words(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM (1, not permitted)";
      case ENOENT -> "ENOENT (2, no such file)";
      case EINTR -> "EINTR (4, interrupted)";
      case EIO -> "EIO (5, input/output error)";
      case EBADFD -> "EBADFD (77, the device is gone)";
      case EBADF -> "EBADF (9, bad descriptor)";
      case EAGAIN -> "EAGAIN (11, try again)";
      case ENOMEM -> "ENOMEM (12, out of memory)";
      case EACCES -> "EACCES (13, permission denied)";
      case EFAULT -> "EFAULT (14, bad address)";
      case EBUSY -> "EBUSY (16, busy)";
      case EEXIST -> "EEXIST (17, exists)";
      case ENODEV -> "ENODEV (19, no such device)";
      case ENOTDIR -> "ENOTDIR (20, not a directory)";
      case EINVAL -> "EINVAL (22, invalid argument)";
      case EMFILE -> "EMFILE (24, too many open files)";
      case ENOTTY -> "ENOTTY (25, not a terminal)";
      case EFBIG -> "EFBIG (27, file too large)";
      case ENOSPC -> "ENOSPC (28, no space left)";
      case EROFS -> "EROFS (30, read-only file system)";
      case EPIPE -> "EPIPE (32, peer has closed)";
      case ERANGE -> "ERANGE (34, out of range)";
      case ENAMETOOLONG -> "ENAMETOOLONG (36, name too long)";
      case ENOSYS -> "ENOSYS (38, not implemented)";
      default -> networkWords(errno);
    };
  }

  private static String networkWords(int errno) {
    return switch (errno) {
      case EPROTO -> "EPROTO (71, protocol error)";
      case EOVERFLOW -> "EOVERFLOW (75, value too large)";
      case EMSGSIZE -> "EMSGSIZE (90, message too long)";
      case EOPNOTSUPP -> "EOPNOTSUPP (95, not supported)";
      case EADDRINUSE -> "EADDRINUSE (98, address in use)";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL (99, address not available)";
      case ENXIO -> "ENXIO (6, no such device or address)";
      case ENETDOWN -> "ENETDOWN (100, network is down)";
      case ENETUNREACH -> "ENETUNREACH (101, network unreachable)";
      case ECONNABORTED -> "ECONNABORTED (103, connection aborted)";
      case ECONNRESET -> "ECONNRESET (104, connection reset)";
      case ENOBUFS -> "ENOBUFS (105, no buffer space)";
      case ETIMEDOUT -> "ETIMEDOUT (110, timed out)";
      case ECONNREFUSED -> "ECONNREFUSED (111, connection refused)";
      case EHOSTUNREACH -> "EHOSTUNREACH (113, no route to host)";
      case EINPROGRESS -> "EINPROGRESS (115, in progress)";
      default -> null;
    };
  }
}
