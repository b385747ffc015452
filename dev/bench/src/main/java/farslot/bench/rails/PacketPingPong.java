package farslot.bench.rails;

import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketSocket;
import farslot.linux.Sockets;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.HdrHistogram.Histogram;

/**
 * The floor of raw Ethernet: one packet of 64 bytes there and one back, by plain send and recv on
 * packet sockets, with the same way of waiting and nothing of Farslot in between.
 */
final class PacketPingPong {
  /** The other EtherType for local experiments, so that no end of ours sees it. */
  private static final int ETHER_TYPE = 0x88B6;

  private static final int HEADER_BYTES = 14;
  private static final int PACKET_BYTES = HEADER_BYTES + 64;
  private static final int BUFFER_BYTES = 2048;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final EventLoop loop;
  private final int fd;
  private final boolean asks;
  private final MemorySegment in = Arena.ofAuto().allocate(BUFFER_BYTES, 64);
  private final MemorySegment out = Arena.ofAuto().allocate(PACKET_BYTES, 64);
  private Histogram into;
  private Runnable finished;
  private long endNs;
  private long begunNs;

  /** On the host and loop where it is to run. */
  PacketPingPong(EventLoop loop, NetInterface at, MacAddress peer, boolean asks)
      throws ErrnoException {
    this.loop = loop;
    this.asks = asks;
    fd = PacketSocket.open(at, ETHER_TYPE, new PacketFilter().u16(12, ETHER_TYPE).mine());
    peer.write(out, 0);
    at.mac().write(out, MacAddress.BYTES);
    out.set(U16, 2L * MacAddress.BYTES, (short) ETHER_TYPE);
    loop.watch(fd, EventLoop.READ, this::onReady);
  }

  /** Asks again and again for a time; what each took goes into the histogram. On the loop. */
  void run(long forNs, Histogram into, Runnable finished) {
    this.into = into;
    this.finished = finished;
    begunNs = System.nanoTime();
    endNs = begunNs + forNs;
    say();
  }

  private void onReady(int ready) {
    int read;
    try {
      read = Sockets.receive(fd, in, 0, BUFFER_BYTES);
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
    if (read == Fd.AGAIN) {
      return;
    }
    if (!asks) {
      say();
      return;
    }
    long nowNs = System.nanoTime();
    into.recordValue(nowNs - begunNs);
    begunNs = nowNs;
    if (nowNs < endNs) {
      say();
    } else {
      finished.run();
    }
  }

  private void say() {
    try {
      Sockets.send(fd, out, 0, PACKET_BYTES);
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On the loop. */
  void close() {
    loop.unwatch(fd);
    PacketSocket.close(fd);
  }
}
