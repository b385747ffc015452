package farslot.carrier;

import farslot.link.RailTaker;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Accepts rails over TCP and hands them to a {@link RailTaker}. */
public final class TcpListener implements Listener {
  private static final Logger LOG = System.getLogger(TcpListener.class.getName());
  private static final int BACKLOG = 64;

  /** Connections accepted in one turn; the others come in the next. */
  private static final int ACCEPTS_MAX = 16;

  /** Pause after accepting failed, for example for want of descriptors. */
  private static final long PAUSE_NS = 200_000_000;

  private final EventLoop loop;
  private final RailTaker taker;
  private final int fd;
  private final InetSocketAddress place;
  private final EventLoop.Timer pause;
  private boolean closed;

  /**
   * Listens. On the loop's thread, or before it runs.
   *
   * @param address {@code host:port}, {@code [v6]:port} or {@code :port}; port 0 lets the system
   *     choose, the default is {@link TcpAddress#PORT}
   * @throws IllegalArgumentException if it cannot be read
   */
  public TcpListener(EventLoop loop, String address, RailTaker taker) throws IOException {
    this(loop, TcpAddress.parse(address), taker);
  }

  /** Listens at an address that was read. */
  public TcpListener(EventLoop loop, TcpAddress address, RailTaker taker) throws IOException {
    this.loop = loop;
    this.taker = taker;
    InetSocketAddress at =
        address.host().isEmpty()
            ? new InetSocketAddress(address.port())
            : address.at(InetAddress.getByName(address.host()));
    fd = TcpSocket.listen(at, BACKLOG);
    place = TcpSocket.localAddress(fd);
    pause = loop.timer(this::watch);
    watch();
  }

  private void watch() {
    if (!closed) {
      loop.watch(fd, EventLoop.READ, this::onReady);
    }
  }

  private void onReady(int ready) {
    try {
      for (int i = 0; i < ACCEPTS_MAX; i++) {
        int connection = Sockets.accept(fd);
        if (connection == Fd.AGAIN) {
          return;
        }
        adopt(connection);
      }
    } catch (ErrnoException e) {
      LOG.log(Level.WARNING, "cannot accept connections on " + describe() + ": " + e.getMessage());
      loop.unwatch(fd);
      pause.arm(PAUSE_NS);
    }
  }

  private void adopt(int connection) {
    String name;
    try {
      TcpSocket.noDelay(connection);
      name = "tcp " + TcpNames.of(TcpSocket.peerAddress(connection));
    } catch (ErrnoException e) {
      // It has gone again already.
      Fd.close(connection);
      return;
    }
    TcpRail rail = new TcpRail(loop, connection, name);
    rail.listen(taker.onRail(rail, loop.nowNs()));
  }

  /** The port that it listens on. */
  public int port() {
    return place.getPort();
  }

  /** Where it listens. */
  public InetSocketAddress place() {
    return place;
  }

  @Override
  public String describe() {
    return "tcp " + TcpNames.of(place);
  }

  /** Stops listening; rails that were accepted stay. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pause.cancel();
      loop.unwatch(fd);
      Fd.close(fd);
    }
  }
}
