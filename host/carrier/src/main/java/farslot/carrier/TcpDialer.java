package farslot.carrier;

import farslot.link.Dialer;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;

/**
 * Dials a peer over TCP: IPv4, IPv6 or a host name, resolved anew for each attempt, its addresses
 * tried one after the other.
 */
public final class TcpDialer implements Dialer, TlsGreeting.Outcome {
  private static final long CONNECT_NS = 3_000_000_000L;

  private final EventLoop loop;
  private final TcpAddress address;
  private final EventLoop.Timer timeout;
  private final ArrayDeque<InetSocketAddress> candidates = new ArrayDeque<>();

  /** Where it connects from; null for wherever the system likes. */
  private final InetSocketAddress from;

  private final Optional<RailSecurity> security;
  private final MemorySegment scratch = Arena.ofAuto().allocate(TlsGreeting.SCRATCH_BYTES);

  /** Keys are being agreed on; null otherwise. */
  private TlsGreeting greeting;

  private Caller caller;
  private int attempt;
  private InetSocketAddress candidate;

  /** What answered last is asked first: who is in a hurry does not wait for the others. */
  private InetSocketAddress lastGood;

  private int fd = Fd.AGAIN;
  private String failure = "";

  /**
   * @param address {@code host}, {@code host:port}, {@code [v6]:port}; the port is {@link
   *     TcpAddress#PORT} if missing
   * @throws IllegalArgumentException if it cannot be read
   */
  public TcpDialer(EventLoop loop, String address) {
    this(loop, TcpAddress.parse(address));
  }

  /** Dials an address that was read; rails are in clear. */
  public TcpDialer(EventLoop loop, TcpAddress address) {
    this(loop, address, Optional.empty());
  }

  /**
   * Dials an address that was read.
   *
   * @param security with it, rails are made by TLS only
   */
  public TcpDialer(EventLoop loop, TcpAddress address, Optional<RailSecurity> security) {
    this.loop = loop;
    this.security = security;
    this.address = address;
    from =
        address.from().isEmpty()
            ? null
            : new InetSocketAddress(InetAddress.ofLiteral(address.from()), 0);
    timeout = loop.timer(() -> failed("no answer in " + CONNECT_NS / 1_000_000 + " ms"));
  }

  @Override
  public void dial(Caller caller) {
    if (this.caller != null) {
      throw new IllegalStateException("dialling already");
    }
    this.caller = caller;
    int asked = ++attempt;
    // Asking for a name's addresses blocks, for seconds when the name server is gone.
    Thread.ofVirtual().name("resolve " + address.host()).start(() -> resolve(asked));
  }

  @Override
  public void abandon() {
    attempt++;
    caller = null;
    candidates.clear();
    drop();
  }

  private void resolve(int asked) {
    try {
      InetAddress[] found = InetAddress.getAllByName(address.host());
      loop.execute(() -> connect(asked, found));
    } catch (UnknownHostException e) {
      loop.execute(() -> unknown(asked));
    }
  }

  private void unknown(int asked) {
    if (asked == attempt) {
      giveUp("unknown host " + address.host());
    }
  }

  private void connect(int asked, InetAddress[] found) {
    if (asked != attempt) {
      return; // Abandoned while the name server was asked.
    }
    candidates.clear();
    failure = "";
    Arrays.stream(found).filter(this::reachable).map(address::at).forEach(candidates::add);
    if (candidates.remove(lastGood)) {
      candidates.addFirst(lastGood);
    }
    if (candidates.isEmpty()) {
      failure =
          address.host() + " has no address of the same kind (IPv4, IPv6) as " + address.from();
    }
    next();
  }

  /** An IPv4 socket does not connect to an IPv6 address, nor the other way round. */
  private boolean reachable(InetAddress candidate) {
    return from == null || from.getAddress().getClass() == candidate.getClass();
  }

  private void next() {
    while (!candidates.isEmpty()) {
      candidate = candidates.remove();
      try {
        fd = TcpSocket.connect(candidate, from);
        loop.watch(fd, EventLoop.WRITE, this::onConnected);
        timeout.arm(CONNECT_NS);
        return;
      } catch (ErrnoException e) {
        failure = e.getMessage();
      }
    }
    giveUp(failure);
  }

  private void onConnected(int ready) {
    try {
      int errno = Sockets.error(fd);
      if (errno != 0) {
        throw new ErrnoException("connect(" + TcpNames.of(candidate) + ")", errno);
      }
      TcpSocket.noDelay(fd);
      // Linux lets a socket connect to itself when nobody listens on a port that it picks.
      if (TcpSocket.localAddress(fd).equals(TcpSocket.peerAddress(fd))) {
        failed("nobody listens on " + TcpNames.of(candidate));
        return;
      }
    } catch (ErrnoException e) {
      failed(e.getMessage());
      return;
    }
    timeout.cancel();
    loop.unwatch(fd);
    int connected = fd;
    fd = Fd.AGAIN;
    if (security.isEmpty()) {
      announce(new TcpRail(loop, connected, name()));
    } else {
      caller.onAnswered(loop.nowNs());
      greeting = new TlsGreeting(loop, connected, security.get(), true, scratch, name(), this);
    }
  }

  private String name() {
    return "tcp " + TcpNames.of(candidate);
  }

  @Override
  public void onAgreed(TlsGreeting greeting) {
    this.greeting = null;
    announce(TcpRail.of(loop, greeting, name(), security.orElseThrow()));
  }

  @Override
  public void onFailed(TlsGreeting greeting, String cause) {
    this.greeting = null;
    failed(name() + ": " + cause);
  }

  private void announce(TcpRail rail) {
    Caller asked = caller;
    lastGood = candidate;
    caller = null;
    rail.listen(asked.onRail(rail, loop.nowNs()));
  }

  private void failed(String cause) {
    drop();
    failure = cause;
    next();
  }

  private void drop() {
    timeout.cancel();
    if (greeting != null) {
      greeting.abandon();
      greeting = null;
    }
    if (fd != Fd.AGAIN) {
      loop.unwatch(fd);
      Fd.close(fd);
      fd = Fd.AGAIN;
    }
  }

  private void giveUp(String cause) {
    Caller asked = caller;
    caller = null;
    asked.onDialFailed(cause, loop.nowNs());
  }

  @Override
  public String describe() {
    return "tcp " + address;
  }
}
