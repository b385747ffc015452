package farslot.backend;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.NetInterface;
import farslot.linux.TapDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A TAP device: what the host sends by it comes here. */
final class TapPort extends HostEthernet {
  /** Frames taken in one turn of the loop, so that a flood starves nobody. */
  private static final int TURN_FRAMES_MAX = 256;

  /** One byte more than a frame may have: what is longer is cut, and shows by it. */
  private final MemorySegment buffer = Arena.ofAuto().allocate(FRAME_BYTES_MAX + 1L, Long.BYTES);

  /** Opened before the interface was looked at, because opening may make it. */
  private int made;

  /**
   * @param mtuBytes of the device, 0 to leave it as it is
   */
  TapPort(EventLoop loop, String name, int mtuBytes) throws ErrnoException {
    super(loop, name);
    made = NONE;
    try {
      made = TapDevice.open(name);
      if (mtuBytes != 0) {
        NetInterface.mtu(name, mtuBytes);
      }
      NetInterface.switchOn(name);
    } catch (ErrnoException e) {
      if (made != NONE) {
        Fd.close(made);
      }
      release();
      throw e;
    }
    start();
  }

  @Override
  int openDevice(NetInterface at) throws ErrnoException {
    int fd = made;
    made = NONE;
    return fd != NONE ? fd : TapDevice.open(name);
  }

  @Override
  void closeDevice(int descriptor) {
    Fd.close(descriptor);
  }

  @Override
  void drain() {
    for (int i = 0; i < TURN_FRAMES_MAX && fd != NONE; i++) {
      int bytes = TapDevice.read(fd, buffer, 0, FRAME_BYTES_MAX + 1);
      if (bytes == -Errno.EAGAIN) {
        return;
      }
      if (bytes < 0) {
        failed();
        return;
      }
      if (bytes >= FRAME_BYTES_MIN && bytes <= FRAME_BYTES_MAX) {
        receiver.onFrame(buffer, 0, bytes);
      } else {
        unreadable++;
      }
    }
  }

  @Override
  boolean transmit(MemorySegment from, long offset, int bytes) {
    // Switched off meanwhile (EIO), or the host has no memory for it: lost, as on any cable.
    return TapDevice.write(fd, from, offset, bytes) == bytes;
  }

  @Override
  public String toString() {
    return "tap " + name;
  }
}
