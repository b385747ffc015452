package farslot.backend;

import farslot.function.EthernetPort;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.LinkEvents;
import farslot.linux.NetInterface;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a TAP device and an interface have in common: a descriptor on the loop, a carrier that is
 * followed by the kernel's own messages, and a device that may go and come back under its name.
 */
abstract class HostEthernet implements EthernetPort {
  static final int NONE = -1;

  /** Ethernet header and one tag, which an MTU does not count. */
  private static final int OVERHEAD_BYTES = FRAME_BYTES_MIN + 4;

  final EventLoop loop;
  final String name;
  private final EventLoop.Handler ready = flags -> drain();
  private final EventLoop.Handler changed = flags -> onLinkEvents();
  private final int events;
  private int index;
  private int mtuBytes;
  private boolean carrier;
  private boolean closed;

  /** Frames from the host that are none, or longer than a frame may be. */
  long unreadable;

  /** Frames for which the host had no room. */
  long refused;

  /** Of the device; {@link #NONE} while there is none. */
  int fd = NONE;

  /** Null until {@link #open}. */
  Receiver receiver;

  HostEthernet(EventLoop loop, String name) throws ErrnoException {
    this.loop = loop;
    this.name = name;
    events = LinkEvents.open();
  }

  /** Opens the device as it is now; the interface is there. */
  abstract int openDevice(NetInterface at) throws ErrnoException;

  abstract void closeDevice(int descriptor);

  /** Takes what has arrived, as much as one turn of the loop may. */
  abstract void drain();

  /** A frame that fits and has a carrier. */
  abstract boolean transmit(MemorySegment from, long offset, int bytes);

  /** Ends the constructor of a subclass: the device must be there, for once. */
  final void start() throws ErrnoException {
    try {
      look(NetInterface.of(name));
    } catch (ErrnoException e) {
      release();
      throw e;
    }
  }

  @Override
  public final void open(Receiver to) {
    receiver = to;
    loop.watch(events, EventLoop.READ, changed);
    loop.watch(fd, EventLoop.READ, ready);
    to.onCarrier(carrier);
    onLinkEvents();
  }

  private void onLinkEvents() {
    LinkEvents.drain(events);
    boolean before = carrier;
    try {
      look(NetInterface.of(name));
    } catch (ErrnoException e) {
      // It is gone, or not ours any more; another of its name will say so.
      lose();
    }
    if (carrier != before) {
      receiver.onCarrier(carrier);
    }
  }

  private void look(NetInterface now) throws ErrnoException {
    if (fd == NONE || now.index() != index) {
      lose();
      fd = openDevice(now);
      index = now.index();
      if (receiver != null) {
        loop.watch(fd, EventLoop.READ, ready);
      }
    }
    mtuBytes = now.mtuBytes();
    carrier = now.up() && now.running();
  }

  /** The device failed: until it is back, there is no carrier. */
  final void failed() {
    lose();
    receiver.onCarrier(false);
  }

  private void lose() {
    carrier = false;
    if (fd != NONE) {
      if (receiver != null) {
        loop.unwatch(fd);
      }
      closeDevice();
    }
  }

  private void closeDevice() {
    if (fd != NONE) {
      closeDevice(fd);
      fd = NONE;
    }
  }

  @Override
  public final boolean send(MemorySegment from, long offset, int bytes) {
    if (!carrier || bytes > mtuBytes + OVERHEAD_BYTES || bytes < FRAME_BYTES_MIN) {
      return false;
    }
    return transmit(from, offset, bytes);
  }

  @Override
  public final boolean carrier() {
    return carrier;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    if (unreadable != 0) {
      counts.put("lost: unreadable from the host", unreadable);
    }
    if (refused != 0) {
      counts.put("lost: the host has no room", refused);
    }
    return counts;
  }

  @Override
  public final void close() {
    if (!closed && receiver != null) {
      loop.unwatch(events);
      lose();
    }
    release();
  }

  /** Gives everything back when the loop has ended, or never began. */
  final void release() {
    if (!closed) {
      closed = true;
      carrier = false;
      closeDevice();
      Fd.close(events);
    }
  }
}
