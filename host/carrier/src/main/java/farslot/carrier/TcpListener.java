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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Accepts rails over TCP and hands them to a {@link RailTaker}. */
public final class TcpListener implements Listener, TlsGreeting.Outcome {
  private static final Logger LOG = System.getLogger(TcpListener.class.getName());
  private static final int BACKLOG = 64;

  /** Connections accepted in one turn; the others come in the next. */
  private static final int ACCEPTS_MAX = 16;

  /** Pause after accepting failed, for example for want of descriptors. */
  private static final long PAUSE_NS = 200_000_000;

  /** Connections that have not agreed on keys; each costs memory, and work. */
  private static final int GREETINGS_MAX = 128;

  /** Connections whose TLS handshake is begun: each costs a signature at least. */
  private static final int GREETINGS_A_SECOND = 200;

  private static final int GREETINGS_BURST = 128;

  /** Reasons that are written to the log: whoever dials without end must not fill it. */
  private static final int REASONS_A_SECOND = 1;

  private static final int REASONS_BURST = 5;

  private final EventLoop loop;
  private final RailTaker taker;
  private final Optional<RailSecurity> security;
  private final Set<TlsGreeting> greetings = new HashSet<>();
  private final RateLimit greetingRate;
  private final RateLimit reasonRate;
  private final MemorySegment scratch = Arena.ofAuto().allocate(TlsGreeting.SCRATCH_BYTES);
  private long greetingsFailed;
  private long greetingsTurnedAway;
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

  /** Listens at an address that was read; rails are in clear. */
  public TcpListener(EventLoop loop, TcpAddress address, RailTaker taker) throws IOException {
    this(loop, address, taker, Optional.empty());
  }

  /**
   * Listens at an address that was read.
   *
   * @param security with it, rails are accepted by TLS only
   */
  public TcpListener(
      EventLoop loop, TcpAddress address, RailTaker taker, Optional<RailSecurity> security)
      throws IOException {
    this.loop = loop;
    this.taker = taker;
    this.security = security;
    greetingRate = new RateLimit(GREETINGS_A_SECOND, GREETINGS_BURST, loop.nowNs());
    reasonRate = new RateLimit(REASONS_A_SECOND, REASONS_BURST, loop.nowNs());
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
    try {
      TcpSocket.noDelay(connection);
      if (security.isEmpty()) {
        announce(new TcpRail(loop, connection, name(connection)));
      } else if (greetings.size() >= GREETINGS_MAX || !greetingRate.take(loop.nowNs())) {
        greetingsTurnedAway++;
        Fd.close(connection);
      } else {
        String peer = name(connection);
        greetings.add(
            new TlsGreeting(loop, connection, security.get(), false, scratch, peer, this));
      }
    } catch (ErrnoException e) {
      // It has gone again already.
      Fd.close(connection);
    }
  }

  private static String name(int connection) throws ErrnoException {
    return "tcp " + TcpNames.of(TcpSocket.peerAddress(connection));
  }

  private void announce(TcpRail rail) {
    rail.listen(taker.onRail(rail, loop.nowNs()));
  }

  @Override
  public void onAgreed(TlsGreeting greeting) {
    greetings.remove(greeting);
    try {
      announce(TcpRail.of(loop, greeting, name(greeting.fd()), security.orElseThrow()));
    } catch (ErrnoException e) {
      Fd.close(greeting.fd());
    }
  }

  @Override
  public void onFailed(TlsGreeting greeting, String cause) {
    greetings.remove(greeting);
    greetingsFailed++;
    if (reasonRate.take(loop.nowNs())) {
      LOG.log(Level.WARNING, "{0}: {1} gets no rail: {2}", describe(), greeting.peer(), cause);
    }
  }

  @Override
  public Map<String, Long> counters() {
    if (security.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("tls_handshakes_under_way", (long) greetings.size());
    all.put("tls_handshakes_failed", greetingsFailed);
    all.put("tls_handshakes_turned_away", greetingsTurnedAway);
    return all;
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
      List.copyOf(greetings).forEach(TlsGreeting::abandon);
      loop.unwatch(fd);
      Fd.close(fd);
    }
  }
}
