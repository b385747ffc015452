package farslot.carrier;

import farslot.linux.Errno;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketSocket;
import farslot.linux.PacketsIn;
import farslot.linux.PacketsOut;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A station that sends any bytes, and sees all packets that a filter lets through. */
final class RawPort implements AutoCloseable {
  final NetInterface at;
  private final int fd;
  private final PacketsIn in = new PacketsIn(1, 70_000);

  private RawPort(NetInterface at, PacketFilter filter) throws Exception {
    this.at = at;
    fd = PacketSocket.open(at, PacketSocket.ALL, filter);
  }

  static RawPort open(Hosts.Host host, String name, PacketFilter filter) throws Exception {
    return host.call(() -> new RawPort(NetInterface.of(name), filter));
  }

  /** Sends a packet; 0 or a negative errno. */
  int send(byte[]... parts) {
    byte[] packet = EthernetFrames.join(parts);
    MemorySegment bytes = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, packet);
    PacketsOut out = new PacketsOut(1, bytes.asSlice(0, 14));
    out.add(bytes, 14, packet.length - 14);
    return Math.min(0, out.send(fd));
  }

  /** The next packet, or an empty one when none comes for a while. */
  byte[] next(long waitMs) throws InterruptedException {
    long end = System.nanoTime() + waitMs * 1_000_000;
    do {
      int count = in.receive(fd);
      if (count == 1) {
        return in.segment().asSlice(in.offset(0), in.bytes(0)).toArray(ValueLayout.JAVA_BYTE);
      }
      if (count != -Errno.EAGAIN) {
        throw new AssertionError(Errno.describe(-count));
      }
      Thread.sleep(1);
    } while (System.nanoTime() < end);
    return new byte[0];
  }

  @Override
  public void close() {
    PacketSocket.close(fd);
  }
}
