package farslot.backend;

import farslot.function.DatagramPorts;
import farslot.linux.Datagram;
import farslot.linux.Epoll;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.UdpSocket;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * UDP sockets, one a port, each connected to the peer's port of the same number. Their datagrams
 * are merged by the time at which Linux has received them: what a peer sends on one port and then
 * on another is not turned round, although they wait in different queues.
 *
 * <p>Each socket's first datagram is held here. Those that one look at all sockets has found
 * arrived before that look, so the latest of them is a horizon: up to it, nothing can turn up any
 * more that should have come first. Beyond it, one looks again.
 */
final class UdpPorts implements DatagramPorts {
  /** Datagrams taken in one turn of the loop, so that a flood starves nobody. */
  private static final int TURN_DATAGRAMS_MAX = 256;

  /** Datagrams of strangers, and errors, that are passed over in one go. */
  private static final int PASSED_MAX = 64;

  /** What one port may hold while the server takes nothing: well over a thousand datagrams. */
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

  private static final int NONE = -1;

  private final EventLoop loop;
  private final InetAddress local;
  private final InetAddress remote;
  private final MemorySegment remoteAddress;
  private final int[] ports;
  private final int[] fds;
  private final int answering;
  private final int bytesMax;
  private final long strideBytes;
  private final MemorySegment heads;
  private final MemorySegment answerTo;
  private final int[] headBytes;
  private final long[] headNs;

  /** Indexes of the ports that have a datagram here. */
  private final int[] waiting;

  private int waitingCount;
  private final Epoll epoll;
  private final Datagram datagram = new Datagram();
  private final EventLoop.Handler ready = flags -> drain();
  private final Runnable again = this::drain;
  private Receiver receiver;
  private long foreign;
  private boolean paused;
  private boolean closed;

  /**
   * Opens the sockets.
   *
   * @param answering one more port, to which the peer sends from any of its own; 0 for none
   */
  UdpPorts(
      EventLoop loop,
      InetAddress local,
      InetAddress remote,
      int[] paired,
      int answering,
      int bytesMax)
      throws ErrnoException {
    this.loop = loop;
    this.local = local;
    this.remote = remote;
    this.bytesMax = bytesMax;
    ports = Arrays.copyOf(paired, paired.length + (answering == 0 ? 0 : 1));
    if (answering != 0) {
      ports[paired.length] = answering;
    }
    Arrays.sort(ports);
    this.answering = answering == 0 ? NONE : Arrays.binarySearch(ports, answering);
    fds = new int[ports.length];
    headBytes = new int[ports.length];
    headNs = new long[ports.length];
    waiting = new int[ports.length];
    Arrays.fill(fds, NONE);
    Arrays.fill(headBytes, NONE);
    Arena arena = Arena.ofAuto();
    strideBytes = bytesMax + 1L + Long.BYTES & -Long.BYTES;
    heads = arena.allocate(strideBytes * ports.length, Long.BYTES);
    answerTo = arena.allocate(Datagram.addressBytes(), Long.BYTES);
    remoteAddress = Datagram.address(new InetSocketAddress(remote, 0));
    epoll = new Epoll(ports.length);
    try {
      for (int i = 0; i < ports.length; i++) {
        openSocket(i);
      }
    } catch (ErrnoException e) {
      release();
      throw e;
    }
  }

  private void openSocket(int index) throws ErrnoException {
    fds[index] = UdpSocket.bind(new InetSocketAddress(local, ports[index]));
    UdpSocket.receiveBuffer(fds[index], RECEIVE_BUFFER_BYTES);
    if (index != answering) {
      UdpSocket.connect(fds[index], new InetSocketAddress(remote, ports[index]));
      // Before it was connected, anybody could send there.
      while (datagram.receive(fds[index], heads, 0, bytesMax) != Fd.AGAIN) {
        foreign++;
      }
    }
    epoll.add(fds[index], Epoll.READ, index);
  }

  @Override
  public void open(Receiver to) {
    receiver = to;
    loop.watch(epoll.fd(), EventLoop.READ, ready);
  }

  @Override
  public void resume() {
    if (paused && !closed) {
      paused = false;
      loop.watch(epoll.fd(), EventLoop.READ, ready);
      loop.execute(again); // What waits here does not show in epoll.
    }
  }

  private void drain() {
    if (closed || paused) {
      return;
    }
    int left = TURN_DATAGRAMS_MAX;
    try {
      while (left > 0 && receiver.hasRoom() && look()) {
        left = deliver(horizonNs(), left);
      }
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
    if (closed) {
      return;
    }
    if (!receiver.hasRoom()) {
      paused = true;
      loop.watch(epoll.fd(), 0, ready);
    } else if (waitingCount > 0) {
      loop.execute(again);
    }
  }

  /** Takes the first datagram of every socket that has one. */
  private boolean look() throws ErrnoException {
    int count = epoll.await(0);
    for (int i = 0; i < count; i++) {
      int index = (int) epoll.tag(i);
      if (headBytes[index] == NONE) {
        take(index);
      }
    }
    return waitingCount > 0;
  }

  private long horizonNs() {
    long latest = Long.MIN_VALUE;
    for (int i = 0; i < waitingCount; i++) {
      latest = Math.max(latest, headNs[waiting[i]]);
    }
    return latest;
  }

  /** Hands over what arrived up to the horizon; returns how many may still come in this turn. */
  private int deliver(long horizonNs, int leftMax) throws ErrnoException {
    int left = leftMax;
    while (left > 0 && waitingCount > 0 && receiver.hasRoom()) {
      int at = earliest();
      int index = waiting[at];
      if (headNs[index] > horizonNs) {
        break;
      }
      waiting[at] = waiting[--waitingCount];
      int bytes = headBytes[index];
      headBytes[index] = NONE;
      receiver.onDatagram(ports[index], heads, index * strideBytes, bytes);
      if (closed) {
        return 0;
      }
      take(index);
      left--;
    }
    return left;
  }

  private int earliest() {
    int best = 0;
    for (int i = 1; i < waitingCount; i++) {
      if (headNs[waiting[i]] < headNs[waiting[best]]) {
        best = i;
      }
    }
    return best;
  }

  private void take(int index) throws ErrnoException {
    for (int passed = 0; passed < PASSED_MAX; passed++) {
      long at = index * strideBytes;
      int bytes = datagram.receive(fds[index], heads, at, bytesMax + 1);
      if (bytes == Fd.AGAIN) {
        return;
      }
      if (bytes == Datagram.REFUSED) {
        receiver.onRefused(ports[index]);
      } else if (index == answering && !datagram.cameFrom(remoteAddress)) {
        foreign++;
      } else {
        if (index == answering) {
          datagram.source(answerTo, 0);
        }
        headBytes[index] = Math.min(bytes, bytesMax + 1);
        headNs[index] = datagram.arrivedNs();
        waiting[waitingCount++] = index;
        return;
      }
    }
  }

  @Override
  public boolean send(int port, MemorySegment from, long offset, int bytes) {
    int index = Arrays.binarySearch(ports, port);
    assert index >= 0 : "port " + port;
    if (closed) {
      return false;
    }
    try {
      int sent = sendOnce(index, from, offset, bytes);
      if (sent == Datagram.REFUSED) {
        // That was about an earlier one, which shows again if it is still so; this one has not been
        // sent yet.
        sent = sendOnce(index, from, offset, bytes);
      }
      return sent == bytes;
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int sendOnce(int index, MemorySegment from, long offset, int bytes)
      throws ErrnoException {
    return index == answering
        ? datagram.send(fds[index], answerTo, 0, from, offset, bytes)
        : Datagram.send(fds[index], from, offset, bytes);
  }

  @Override
  public long foreign() {
    return foreign;
  }

  @Override
  public String toString() {
    return local.getHostAddress() + " with " + remote.getHostAddress();
  }

  @Override
  public void close() {
    if (!closed) {
      loop.unwatch(epoll.fd());
      release();
    }
  }

  /** Closes the sockets when the loop has ended, or never began. */
  void release() {
    if (!closed) {
      closed = true;
      for (int fd : fds) {
        if (fd != NONE) {
          Fd.close(fd);
        }
      }
      epoll.close();
    }
  }
}
