package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Serial ports and other terminals (tty_ioctl(2), termios(3)). Numbers are those of
 * asm-generic/termbits.h and ioctls.h.
 */
public final class Terminal {
  // Modem control and status bits (TIOCM_).
  public static final int DTR = 0x002;
  public static final int RTS = 0x004;
  public static final int CTS = 0x020;
  public static final int DCD = 0x040;
  public static final int RI = 0x080;
  public static final int DSR = 0x100;

  private static final int O_NOCTTY = 0x100;
  private static final int O_NONBLOCK = 0x800;

  private static final int TCFLSH = 0x540B;
  private static final int TIOCEXCL = 0x540C;
  private static final int TIOCOUTQ = 0x5411;
  private static final int TIOCMGET = 0x5415;
  private static final int TIOCMBIS = 0x5416;
  private static final int TIOCMBIC = 0x5417;
  private static final int TIOCSBRK = 0x5427;
  private static final int TIOCCBRK = 0x5428;
  private static final long TCGETS2 = 0x802C542AL;
  private static final long TCSETS2 = 0x402C542BL;
  private static final int TCIOFLUSH = 2;

  // struct termios2
  private static final int TERMIOS_BYTES = 44;
  private static final int IFLAG = 0;
  private static final int OFLAG = 4;
  private static final int CFLAG = 8;
  private static final int LFLAG = 12;
  private static final int CC = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;
  private static final int ISPEED = 36;
  private static final int OSPEED = 40;

  private static final int PARMRK = 0x08;
  private static final int INPCK = 0x10;
  private static final int CSIZE_SHIFT = 4;
  private static final int CSTOPB = 0x40;
  private static final int CREAD = 0x80;
  private static final int PARENB = 0x100;
  private static final int PARODD = 0x200;
  private static final int CLOCAL = 0x800;
  private static final int BOTHER = 0x1000;
  private static final int CMSPAR = 0x4000_0000;
  private static final int CRTSCTS = 0x8000_0000;

  private static final int DATA_BITS_MIN = 5;

  /** How the bit behind the data is made. */
  public enum Parity {
    NONE(0),
    ODD(PARENB | PARODD),
    EVEN(PARENB),
    MARK(PARENB | PARODD | CMSPAR),
    SPACE(PARENB | CMSPAR);

    private final int flags;

    Parity(int flags) {
      this.flags = flags;
    }
  }

  private Terminal() {}

  /** Opens one, non-blocking, whether it has a carrier or not, and not as our own terminal. */
  public static int open(String path) throws ErrnoException {
    return Fd.open(path, Fd.READ_WRITE | O_NOCTTY | O_NONBLOCK, 0);
  }

  /** Keeps others from opening it (but not root). */
  public static void exclusive(int fd) throws ErrnoException {
    ioctl(fd, TIOCEXCL, 0, "TIOCEXCL");
  }

  /**
   * Bytes go through as they are, nothing is echoed; speed and format stay.
   *
   * @param marks whether what comes with an error is marked, as {@link #settings} has it
   */
  public static void raw(int fd, boolean marks) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TERMIOS_BYTES, Integer.BYTES);
      ioctl(fd, TCGETS2, termios.address(), "TCGETS2");
      raw(termios, marks ? PARMRK | INPCK : 0);
      ioctl(fd, TCSETS2, termios.address(), "TCSETS2");
    }
  }

  /**
   * Raw, with this speed and format. What comes with an error is marked: 0xFF 0x00 and the
   * character, a break as 0xFF 0x00 0x00, and 0xFF itself twice (PARMRK).
   *
   * @param flow whether Linux itself heeds CTS and drives RTS (CRTSCTS)
   * @throws ErrnoException EINVAL when the port cannot do that
   */
  public static void settings(
      int fd, int baud, int dataBits, Parity parity, boolean twoStopBits, boolean flow)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TERMIOS_BYTES, Integer.BYTES);
      ioctl(fd, TCGETS2, termios.address(), "TCGETS2");
      raw(termios, PARMRK | INPCK);
      int control =
          CREAD
              | CLOCAL
              | BOTHER
              | dataBits - DATA_BITS_MIN << CSIZE_SHIFT
              | parity.flags
              | (twoStopBits ? CSTOPB : 0)
              | (flow ? CRTSCTS : 0);
      termios.set(ValueLayout.JAVA_INT, CFLAG, control);
      termios.set(ValueLayout.JAVA_INT, ISPEED, baud);
      termios.set(ValueLayout.JAVA_INT, OSPEED, baud);
      ioctl(fd, TCSETS2, termios.address(), "TCSETS2(" + baud + ")");
    }
  }

  private static void raw(MemorySegment termios, int inputFlags) {
    termios.set(ValueLayout.JAVA_INT, IFLAG, inputFlags);
    termios.set(ValueLayout.JAVA_INT, OFLAG, 0);
    termios.set(ValueLayout.JAVA_INT, LFLAG, 0);
    termios.set(ValueLayout.JAVA_BYTE, CC + VTIME, (byte) 0);
    termios.set(ValueLayout.JAVA_BYTE, CC + VMIN, (byte) 1);
  }

  /** Its speed in bits a second, as it was set. */
  public static int baud(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TERMIOS_BYTES, Integer.BYTES);
      ioctl(fd, TCGETS2, termios.address(), "TCGETS2");
      return termios.get(ValueLayout.JAVA_INT, OSPEED);
    }
  }

  /**
   * Modem signals, {@link #CTS} and the others; -1 for a terminal that has none, 0 for one that is
   * gone.
   */
  public static int signals(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bits = arena.allocate(ValueLayout.JAVA_INT);
      int result = PacketCalls.ioctl(fd, TIOCMGET, bits.address());
      boolean none = result == -Errno.EINVAL || result == -Errno.ENOTTY;
      return none ? -1 : result < 0 ? 0 : bits.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** Switches {@link #DTR} and {@link #RTS} on or off, where the terminal has them. */
  public static void signals(int fd, int on, int off) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bits = arena.allocate(ValueLayout.JAVA_INT);
      bits.set(ValueLayout.JAVA_INT, 0, on);
      PacketCalls.ioctl(fd, TIOCMBIS, bits.address());
      bits.set(ValueLayout.JAVA_INT, 0, off);
      PacketCalls.ioctl(fd, TIOCMBIC, bits.address());
    }
  }

  /** Begins or ends a break, where the terminal can. */
  public static void sendBreak(int fd, boolean on) {
    PacketCalls.ioctl(fd, on ? TIOCSBRK : TIOCCBRK, 0);
  }

  /** Bytes that were written and have not left yet. */
  public static int unsent(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      ioctl(fd, TIOCOUTQ, count.address(), "TIOCOUTQ");
      return count.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** Throws away what waits in either direction. */
  public static void discard(int fd) throws ErrnoException {
    ioctl(fd, TCFLSH, TCIOFLUSH, "TCFLSH");
  }

  private static void ioctl(int fd, long request, long argument, String name)
      throws ErrnoException {
    Fd.check(PacketCalls.ioctl(fd, request, argument), "ioctl(" + fd + ", " + name + ")");
  }
}
