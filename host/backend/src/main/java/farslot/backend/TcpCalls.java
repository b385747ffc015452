package farslot.backend;

import farslot.function.Call;
import farslot.function.Calls;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.HostPort;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Calls over TCP: each is a connection. On the loop's thread, or before it runs. */
final class TcpCalls implements Calls {
  private static final Logger LOG = System.getLogger(TcpCalls.class.getName());

  /** A modem has one line: who comes meanwhile is told that it is busy, soon. */
  private static final int BACKLOG = 16;

  /** Connections accepted in one turn; the others come in the next. */
  private static final int ACCEPTS_MAX = 8;

  /** Pause after accepting failed, for example for want of descriptors. */
  private static final long PAUSE_NS = 200_000_000;

  private final EventLoop loop;
  private final EventLoop.Timer pause;
  private final EventLoop.Handler handler = this::onReady;

  /** {@link Fd#AGAIN} when no calls come in. */
  private int fd;

  private final String place;
  private Incoming incoming;

  /**
   * @param at where to listen; null for nowhere
   */
  TcpCalls(EventLoop loop, InetSocketAddress at) throws ErrnoException {
    this.loop = loop;
    pause = loop.timer(this::watch);
    fd = at == null ? Fd.AGAIN : TcpSocket.listen(at, BACKLOG);
    place = at == null ? "no calls come in" : name(TcpSocket.localAddress(fd));
  }

  private static String name(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
  }

  @Override
  public void open(Incoming incoming) {
    this.incoming = incoming;
    watch();
  }

  private void watch() {
    if (fd != Fd.AGAIN) {
      loop.watch(fd, EventLoop.READ, handler);
    }
  }

  private void onReady(int ready) {
    try {
      for (int i = 0; i < ACCEPTS_MAX && fd != Fd.AGAIN; i++) {
        int connection = Sockets.accept(fd);
        if (connection == Fd.AGAIN) {
          return;
        }
        incoming.onCall(new TcpCall(loop, connection, caller(connection)));
      }
    } catch (ErrnoException e) {
      LOG.log(Level.WARNING, "cannot accept calls at " + place + ": " + e.getMessage());
      loop.unwatch(fd);
      pause.arm(PAUSE_NS);
    }
  }

  private static String caller(int connection) {
    try {
      return name(TcpSocket.peerAddress(connection));
    } catch (ErrnoException e) {
      return "somebody who has gone"; // The call's first read says so too.
    }
  }

  @Override
  public Call dial(String address) {
    Optional<HostPort> to = HostPort.parse(address);
    assert to.isPresent() : address;
    return new TcpCall(loop, to.get());
  }

  @Override
  public boolean readable(String address) {
    return HostPort.parse(address).filter(HostPort::canBeDialled).isPresent();
  }

  @Override
  public String toString() {
    return place;
  }

  @Override
  public void close() {
    if (fd != Fd.AGAIN) {
      pause.cancel();
      if (incoming != null) {
        loop.unwatch(fd);
      }
      release();
    }
  }

  /** Closes the socket when the loop has ended, or never began. */
  void release() {
    if (fd != Fd.AGAIN) {
      Fd.close(fd);
      fd = Fd.AGAIN;
    }
  }
}
