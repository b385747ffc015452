package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The other end of a TAP device (tuntap): each read takes a frame that the host sends by it, each
 * write is a frame that the host receives. The host offloads nothing to it: checksums are complete,
 * frames no longer than its MTU says, VLAN tags in line. Needs CAP_NET_ADMIN, unless the device is
 * there and belongs to the user.
 */
public final class TapDevice {
  private static final String PATH = "/dev/net/tun";
  private static final long TUNSETIFF = 0x400454CAL;
  private static final int IFF_TAP = 0x2;

  /** No four bytes of the device's own before each frame. */
  private static final int IFF_NO_PI = 0x1000;

  private TapDevice() {}

  /**
   * Opens a device, and makes it where there is none of this name; one that was made here goes when
   * the descriptor is closed.
   *
   * @return a non-blocking descriptor
   * @throws ErrnoException {@link Errno#EBUSY} when another program has it, {@link Errno#EINVAL}
   *     when it is no TAP device, {@link Errno#EPERM}
   */
  public static int open(String name) throws ErrnoException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length >= NetInterface.NAME_BYTES) {
      throw new ErrnoException("ioctl(" + name + ", TUNSETIFF)", Errno.EINVAL);
    }
    int fd = Fd.open(PATH, Fd.READ_WRITE, 0);
    try (Arena arena = Arena.ofConfined()) {
      Fd.nonBlocking(fd);
      MemorySegment request = arena.allocate(NetInterface.REQUEST_BYTES, Long.BYTES);
      MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
      request.set(ValueLayout.JAVA_SHORT, NetInterface.UNION_AT, (short) (IFF_TAP | IFF_NO_PI));
      int result = PacketCalls.ioctl(fd, TUNSETIFF, request.address());
      Fd.check(result, "ioctl(" + name + ", TUNSETIFF)");
      return fd;
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** Takes the next frame: its length, or a negative errno; longer ones are cut without a word. */
  public static int read(int fd, MemorySegment into, long offset, int bytes) {
    long at = Calls.address(into, offset, bytes);
    long result;
    do {
      result = FileCalls.read(fd, at, bytes);
    } while (result == -Errno.EINTR);
    return (int) result;
  }

  /** Hands a frame to the host: its length, or a negative errno. */
  public static int write(int fd, MemorySegment from, long offset, int bytes) {
    long at = Calls.address(from, offset, bytes);
    long result;
    do {
      result = FileCalls.write(fd, at, bytes);
    } while (result == -Errno.EINTR);
    return (int) result;
  }
}
