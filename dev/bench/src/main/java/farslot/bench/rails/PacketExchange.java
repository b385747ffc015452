package farslot.bench.rails;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketRing;
import farslot.linux.PacketSocket;
import farslot.linux.PacketsIn;
import farslot.linux.PacketsOut;
import farslot.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One end of a stream of packets in one direction, which the other end acknowledges by packets of
 * its own, so that none is lost: to compare ways of receiving.
 */
final class PacketExchange {
  /** How packets are received. */
  enum Way {
    /** recvmmsg, as rails do. */
    BATCH,
    /** A ring that the kernel shares. */
    RING
  }

  /**
   * What is exchanged.
   *
   * @param bytes of each packet of the stream behind its Ethernet header
   * @param window packets under way
   * @param each packets that are acknowledged by one
   */
  record Load(int bytes, int window, int each) {}

  private static final int ETHER_TYPE = 0x88B6;
  private static final int HEADER_BYTES = 14;
  private static final int ACK_BYTES = 64;
  private static final int BATCH = 64;
  private static final int RING_PACKETS = 1024;
  private static final int BUFFER_BYTES = 8 << 20;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final EventLoop loop;
  private final int fd;
  private final boolean sends;
  private final Load load;
  private final PacketsIn batch;
  private final PacketRing ring;
  private final ByteBuffer packets;
  private final CRC32C crc = new CRC32C();
  private final PacketsOut out;
  private final MemorySegment body;
  private long received;
  private long sent;
  private volatile long done;

  /** On the host and loop where it is to run; the end that answers first. */
  PacketExchange(
      EventLoop loop, NetInterface at, MacAddress peer, Way way, Load load, boolean sends)
      throws ErrnoException {
    this.loop = loop;
    this.load = load;
    this.sends = sends;
    fd = PacketSocket.open(at, ETHER_TYPE, new PacketFilter().u16(12, ETHER_TYPE).mine());
    Sockets.largeReceiveBuffer(fd, BUFFER_BYTES);
    int packetBytes = HEADER_BYTES + at.mtuBytes();
    batch = way == Way.BATCH ? new PacketsIn(BATCH, packetBytes) : null;
    ring = way == Way.RING ? new PacketRing(fd, RING_PACKETS, packetBytes) : null;
    packets = (ring != null ? ring.segment() : batch.segment()).asByteBuffer();
    MemorySegment header = Arena.ofAuto().allocate(HEADER_BYTES);
    peer.write(header, 0);
    at.mac().write(header, MacAddress.BYTES);
    header.set(U16, 2L * MacAddress.BYTES, (short) ETHER_TYPE);
    out = new PacketsOut(BATCH, header);
    body = Arena.ofAuto().allocate(at.mtuBytes());
    loop.watch(fd, EventLoop.READ, ready -> onReadable());
  }

  /** Begins to stream. On the loop of the end that sends. */
  void start() {
    pump();
  }

  /** Packets that are known to have arrived. From any thread. */
  long done() {
    return done;
  }

  private void onReadable() {
    int count = ring != null ? fromRing() : fromBatch();
    if (count == -Errno.EAGAIN) {
      return;
    }
    if (count < 0) {
      throw new IllegalStateException(Errno.describe(-count));
    }
    received += count;
    if (sends) {
      done = received * load.each;
      pump();
    } else {
      acknowledge();
    }
  }

  private int fromBatch() {
    int count = batch.receive(fd);
    for (int i = 0; i < count; i++) {
      read(packets, (int) batch.offset(i), batch.bytes(i));
    }
    return count;
  }

  /** As a rail does with every frame: who receives without looking knows nothing of caches. */
  private void read(ByteBuffer from, int at, int bytes) {
    crc.reset();
    crc.update(from.limit(at + bytes).position(at));
  }

  private int fromRing() {
    int count = 0;
    while (count < BATCH && ring.ready()) {
      read(packets, (int) ring.offset(), ring.bytes());
      ring.next();
      count++;
    }
    return count;
  }

  private void acknowledge() {
    while (sent < received / load.each) {
      out.clear();
      out.add(body, 0, ACK_BYTES);
      sent += Math.max(0, out.send(fd));
    }
  }

  private void pump() {
    long wanted = received * load.each + load.window;
    while (sent < wanted) {
      out.clear();
      for (long at = sent; at < wanted && !out.isFull(); at++) {
        out.add(body, 0, load.bytes);
      }
      int went = out.send(fd);
      if (went < 0 && went != -Errno.EAGAIN && went != -Errno.ENOBUFS) {
        throw new IllegalStateException(Errno.describe(-went));
      }
      sent += Math.max(0, went);
    }
  }

  /** On the loop. */
  void close() {
    loop.unwatch(fd);
    if (ring != null) {
      ring.close();
    }
    PacketSocket.close(fd);
  }
}
