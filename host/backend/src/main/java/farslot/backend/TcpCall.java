package farslot.backend;

import farslot.function.Call;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.HostPort;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;

/** A call over a TCP connection, dialled or accepted. On the loop's thread only. */
final class TcpCall implements Call {
  /** Read at once. */
  private static final int READ_BYTES = 1 << 14;

  /** What may wait in the socket: a call is slow, and what it has sent should soon be there. */
  private static final int SOCKET_BUFFER_BYTES = 1 << 14;

  /** Reads in one turn of the loop, so that a flood starves nobody. */
  private static final int READS_MAX = 4;

  /** For each address that a name has. */
  private static final long CONNECT_NS = 10_000_000_000L;

  /** How long what was said last may take to arrive, once the call has been closed. */
  private static final long LINGER_NS = 1_000_000_000;

  /** A peer that has vanished is noticed: seconds idle, seconds between probes, probes. */
  private static final int KEEP_IDLE_S = 60;

  private static final int KEEP_INTERVAL_S = 15;
  private static final int KEEP_PROBES = 4;

  private enum State {
    NEW,
    RESOLVING,
    CONNECTING,
    OPEN,
    /** Closed by its owner: what was taken still goes out, what comes is thrown away. */
    LINGER,
    CLOSED
  }

  private final EventLoop loop;
  private final String name;

  /** Where to, or null for a call that was accepted. */
  private final HostPort to;

  private final EventLoop.Timer timer;
  private final EventLoop.Handler handler = this::onReady;
  private final Runnable deliverAgain = this::deliverAgain;
  private final ArrayDeque<InetAddress> candidates = new ArrayDeque<>();
  private final MemorySegment in = Arena.ofAuto().allocate(READ_BYTES, Long.BYTES);
  private Listener listener;
  private State state = State.NEW;
  private int fd;
  private int interest;
  private int at;
  private int filled;
  private boolean full;
  private boolean blocked;
  private boolean peerEnded;
  private boolean resuming;
  private boolean refused;

  /** Dials, once it is opened. */
  TcpCall(EventLoop loop, HostPort to) {
    this(loop, to, Fd.AGAIN, to.toString());
  }

  /** Was accepted. */
  TcpCall(EventLoop loop, int fd, String name) {
    this(loop, null, fd, name);
  }

  private TcpCall(EventLoop loop, HostPort to, int fd, String name) {
    this.loop = loop;
    this.to = to;
    this.fd = fd;
    this.name = name;
    timer = loop.timer(this::onTimer);
  }

  @Override
  public void open(Listener listener) {
    assert state == State.NEW : state;
    this.listener = listener;
    if (to == null) {
      state = State.CONNECTING;
      loop.execute(this::connected);
    } else {
      state = State.RESOLVING;
      // Asking for a name's addresses blocks, for seconds when the name server is gone.
      Thread.ofVirtual().name("resolve " + to.host()).start(this::resolve);
    }
  }

  private void resolve() {
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(to.host());
    } catch (UnknownHostException e) {
      found = new InetAddress[0];
    }
    InetAddress[] all = found;
    loop.execute(() -> onResolved(all));
  }

  private void onResolved(InetAddress[] found) {
    if (state == State.RESOLVING) {
      candidates.addAll(java.util.List.of(found));
      connectNext();
    }
  }

  private void connectNext() {
    while (!candidates.isEmpty()) {
      try {
        fd = TcpSocket.connect(new InetSocketAddress(candidates.remove(), to.port()));
        state = State.CONNECTING;
        watch(EventLoop.WRITE);
        timer.arm(CONNECT_NS);
        return;
      } catch (ErrnoException e) {
        // The next address, if there is one.
      }
    }
    end(refused ? End.REFUSED : End.UNREACHABLE);
  }

  private void onConnectable() {
    timer.cancel();
    try {
      // Linux lets a socket connect to itself when nobody listens on a port that it picks.
      if (Sockets.error(fd) == 0 && !TcpSocket.localAddress(fd).equals(TcpSocket.peerAddress(fd))) {
        connected();
        return;
      }
      refused = true;
    } catch (ErrnoException e) {
      refused = true;
    }
    drop();
    connectNext();
  }

  private void connected() {
    if (state != State.CONNECTING) {
      return; // Closed meanwhile.
    }
    state = State.OPEN;
    try {
      TcpSocket.noDelay(fd);
      TcpSocket.keepAlive(fd, KEEP_IDLE_S, KEEP_INTERVAL_S, KEEP_PROBES);
      Sockets.sendBuffer(fd, SOCKET_BUFFER_BYTES);
      Sockets.receiveBuffer(fd, SOCKET_BUFFER_BYTES);
    } catch (ErrnoException e) {
      end(End.HUNG_UP);
      return;
    }
    listener.onConnected();
    watch();
  }

  private void watch() {
    if (state == State.OPEN) {
      boolean reading = !full && !peerEnded;
      watch((reading ? EventLoop.READ : 0) | (blocked ? EventLoop.WRITE : 0));
    }
  }

  private void watch(int wanted) {
    if (wanted != interest) {
      interest = wanted;
      loop.watch(fd, wanted, handler);
    }
  }

  private void onReady(int ready) {
    switch (state) {
      case CONNECTING -> onConnectable();
      case LINGER -> discard();
      case OPEN -> {
        if ((ready & EventLoop.WRITE) != 0 && blocked) {
          blocked = false;
          listener.onRoom();
        }
        if (state == State.OPEN && (ready & EventLoop.READ) != 0) {
          read();
        }
        watch();
      }
      default -> {}
    }
  }

  private void read() {
    try {
      for (int i = 0; i < READS_MAX && state == State.OPEN && !full; i++) {
        int got = Sockets.receive(fd, in, 0, READ_BYTES);
        if (got == Fd.AGAIN) {
          return;
        }
        if (got == Fd.END) {
          peerEnded = true;
          end(End.HUNG_UP);
          return;
        }
        at = 0;
        filled = got;
        deliver();
      }
    } catch (ErrnoException e) {
      end(End.HUNG_UP);
    }
  }

  /** Hands over what was read; what is not taken waits, and nothing more is read. */
  private void deliver() {
    while (state == State.OPEN && at < filled) {
      int taken = listener.onBytes(in, at, filled - at);
      assert taken >= 0 && taken <= filled - at : taken;
      if (taken == 0) {
        break;
      }
      at += taken;
    }
    full = at < filled;
  }

  @Override
  public int send(MemorySegment from, long offset, int bytes) {
    if (state != State.OPEN) {
      return bytes; // Nobody is there any more; the end is about to be told, or was.
    }
    try {
      int sent = Math.max(0, Sockets.send(fd, from, offset, bytes));
      if (sent < bytes) {
        blocked = true;
        watch();
      }
      return sent;
    } catch (ErrnoException e) {
      // What had come before is still read; its end says that it is over.
      return bytes;
    }
  }

  @Override
  public void resume() {
    if (full && !resuming) {
      resuming = true;
      loop.execute(deliverAgain);
    }
  }

  private void deliverAgain() {
    resuming = false;
    if (state == State.OPEN && full) {
      deliver();
      watch();
    }
  }

  private void onTimer() {
    if (state == State.CONNECTING) {
      drop();
      connectNext();
    } else {
      release();
    }
  }

  /** Reads what nobody wants: closing a socket with unread bytes would undo what we have sent. */
  private void discard() {
    try {
      int got;
      do {
        got = Sockets.receive(fd, in, 0, READ_BYTES);
      } while (got > 0);
      if (got == Fd.AGAIN) {
        return;
      }
    } catch (ErrnoException e) {
      // Gone.
    }
    release();
  }

  private void end(End end) {
    release();
    listener.onEnded(end);
  }

  @Override
  public void close() {
    if (state != State.OPEN) {
      release();
      return;
    }
    state = State.LINGER;
    try {
      Sockets.endWriting(fd);
      timer.arm(LINGER_NS);
      watch(EventLoop.READ);
    } catch (ErrnoException e) {
      release();
    }
  }

  private void release() {
    state = State.CLOSED;
    timer.cancel();
    candidates.clear();
    drop();
  }

  private void drop() {
    if (fd != Fd.AGAIN) {
      if (interest != 0) {
        loop.unwatch(fd);
        interest = 0;
      }
      Fd.close(fd);
      fd = Fd.AGAIN;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
