package farslot.carrier;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.linux.PacketSocket;
import farslot.linux.PacketsIn;
import farslot.linux.PacketsOut;
import farslot.pcie.BigEndian;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A port for what is said outside of rails: DISCOVER, OFFER, and the HELLO that begins a rail. On
 * the loop's thread only.
 */
final class EthernetPort implements EthernetCounters.Socket, AutoCloseable {
  /** Batches received in one turn, so that one busy port does not starve others. */
  private static final int BATCHES_MAX = 4;

  /** Who is told what comes. */
  interface Handler {
    /**
     * Something that may be a frame.
     *
     * @param available bytes from {@code frameAt} on: the frame, and perhaps padding
     */
    void onPacket(MemorySegment segment, long frameAt, int available, MacAddress from, int port);

    /** The interface went down or away; the port is closed. */
    void onPortDown(String cause);
  }

  private final EventLoop loop;
  private final NetInterface at;
  private final Handler handler;
  private final EthernetCounters counters;
  private final EthernetHeader header;
  private final PacketsOut out;
  private final PacketsIn in;
  private final int fd;
  private boolean closed;

  /**
   * Opens it.
   *
   * @param group whether it takes what is for all appliances
   */
  EthernetPort(
      EventLoop loop,
      EthernetAddress address,
      NetInterface at,
      int port,
      boolean group,
      EthernetBuffers buffers,
      Handler handler,
      EthernetCounters counters)
      throws IOException {
    this.loop = loop;
    this.at = at;
    this.handler = handler;
    this.counters = counters;
    header = new EthernetHeader(address, at.mac(), port);
    out = new PacketsOut(1, header.segment());
    in = buffers.in();
    fd = EthernetInterfaces.open(address, at, EthernetInterfaces.filter(address, port));
    try {
      if (group) {
        PacketSocket.join(fd, at, EthernetFormat.APPLIANCES);
      }
    } catch (IOException e) {
      PacketSocket.close(fd);
      throw e;
    }
    counters.opened(this);
    loop.watch(fd, EventLoop.READ, this::onReady);
  }

  /** The interface as it was when the port was opened. */
  NetInterface at() {
    return at;
  }

  /**
   * Sends a frame in a packet of its own, if there is room. It may get lost, here or on its way.
   */
  void send(MacAddress to, int port, MemorySegment frame, int frameBytes) {
    header.to(to, port);
    out.clear();
    out.add(frame, 0, frameBytes);
    out.send(fd);
  }

  private void onReady(int ready) {
    for (int batch = 0; batch < BATCHES_MAX && !closed; batch++) {
      int count = in.receive(fd);
      if (count == -Errno.EAGAIN) {
        return;
      }
      if (count < 0) {
        close();
        handler.onPortDown(at.name() + ": " + Errno.describe(-count));
        return;
      }
      for (int i = 0; i < count && !closed; i++) {
        onPacket(in.segment(), in.offset(i), in.bytes(i), in.truncated(i));
      }
      if (count < in.packetsMax()) {
        return;
      }
    }
  }

  private void onPacket(MemorySegment segment, long packet, int bytes, boolean truncated) {
    if (truncated || bytes < EthernetFormat.FRAME_AT) {
      counters.droppedMalformed++;
      return;
    }
    MacAddress from = MacAddress.read(segment, packet + EthernetFormat.SOURCE_AT);
    if (from.equals(at.mac())) {
      counters.droppedReflected++;
      return;
    }
    int port = BigEndian.u16(segment, packet + EthernetFormat.SOURCE_PORT_AT);
    if (from.isGroup() || port == 0) {
      counters.droppedMalformed++;
      return;
    }
    long frameAt = packet + EthernetFormat.FRAME_AT;
    handler.onPacket(segment, frameAt, bytes - EthernetFormat.FRAME_AT, from, port);
  }

  @Override
  public long losses() {
    try {
      return PacketSocket.drops(fd);
    } catch (ErrnoException e) {
      // Only a count; the port shows by itself when something is wrong with its socket.
      return 0;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      counters.closing(this);
      closed = true;
      loop.unwatch(fd);
      PacketSocket.close(fd);
    }
  }
}
