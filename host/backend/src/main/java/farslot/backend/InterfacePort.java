package farslot.backend;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketSocket;
import farslot.linux.PacketsIn;
import farslot.linux.PacketsOut;
import farslot.linux.Sockets;
import farslot.linux.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * An interface of the host's, promiscuous: what comes in by it comes here, too, beside the host's
 * own protocols, and what is sent goes out by it. The host's own traffic by that interface is not
 * seen, and neither does the host see what is sent here.
 */
final class InterfacePort extends HostEthernet {
  private static final int BATCH_PACKETS = 16;

  /** Batches taken in one turn of the loop, so that a flood starves nobody. */
  private static final int TURN_BATCHES_MAX = 8;

  /** What Linux lets grow together before it hands it over, with headers and tags. */
  private static final int PACKET_BYTES_MAX = (64 << 10) + 256;

  private static final int OUT_PACKETS_MAX = 32;

  /** What a burst may hold until the loop comes to it. */
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

  private final PacketsIn in =
      new PacketsIn(BATCH_PACKETS, VirtioNetHeader.BYTES + PACKET_BYTES_MAX, true);
  private final UnfinishedPackets unfinished = new UnfinishedPackets();

  /** All zero: what goes out is complete. */
  private final PacketsOut out =
      new PacketsOut(OUT_PACKETS_MAX, Arena.ofAuto().allocate(VirtioNetHeader.BYTES, Long.BYTES));

  private final MemorySegment waiting =
      Arena.ofAuto().allocate((long) OUT_PACKETS_MAX * FRAME_BYTES_MAX, Long.BYTES);
  private final Runnable flush = this::flush;
  private long missed;

  InterfacePort(EventLoop loop, String name) throws ErrnoException {
    super(loop, name);
    start();
  }

  @Override
  int openDevice(NetInterface at) throws ErrnoException {
    int socket = PacketSocket.open(at, PacketSocket.ALL, new PacketFilter());
    try {
      PacketSocket.virtioNetHeader(socket);
      PacketSocket.tags(socket);
      PacketSocket.promiscuous(socket, at);
      Sockets.largeReceiveBuffer(socket, RECEIVE_BUFFER_BYTES);
      return socket;
    } catch (ErrnoException e) {
      PacketSocket.close(socket);
      throw e;
    }
  }

  @Override
  void closeDevice(int descriptor) {
    out.clear();
    PacketSocket.close(descriptor);
  }

  @Override
  void drain() {
    for (int batch = 0; batch < TURN_BATCHES_MAX && fd != NONE; batch++) {
      int count = in.receive(fd);
      if (count < 0) {
        // Nothing more; or the interface was switched off, which the kernel's messages tell, too.
        return;
      }
      for (int i = 0; i < count && fd != NONE; i++) {
        if (in.truncated(i)
            || !unfinished.finish(in.segment(), in.offset(i), in.bytes(i), in.tag(i), receiver)) {
          unreadable++;
        }
      }
      if (count < in.packetsMax()) {
        return;
      }
    }
  }

  @Override
  boolean transmit(MemorySegment from, long offset, int bytes) {
    if (out.isFull()) {
      flush();
    }
    long at = (long) out.count() * FRAME_BYTES_MAX;
    MemorySegment.copy(from, offset, waiting, at, bytes);
    out.add(waiting, at, bytes);
    if (out.count() == 1) {
      loop.execute(flush);
    }
    return true;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = super.counts();
    try {
      // Linux forgets them when it is asked.
      missed += fd == NONE ? 0 : PacketSocket.drops(fd);
    } catch (ErrnoException e) {
      // Only a count: the socket shows by itself when something is wrong with it.
      return counts;
    }
    if (missed != 0) {
      counts.put("lost: came faster than they were taken", missed);
    }
    return counts;
  }

  /** What does not find room in the interface's queue is lost, as on any switch. */
  private void flush() {
    int first = 0;
    while (first < out.count() && fd != NONE) {
      int sent = out.send(fd, first);
      if (sent == -Errno.EAGAIN || sent == -Errno.ENOBUFS) {
        refused += out.count() - first;
        break;
      }
      if (sent <= 0) {
        refused++;
      }
      // One that cannot be sent at all does not hold up those behind it.
      first += Math.max(1, sent);
    }
    out.clear();
  }

  @Override
  public String toString() {
    return "interface " + name;
  }
}
