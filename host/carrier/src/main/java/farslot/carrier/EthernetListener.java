package farslot.carrier;

import farslot.carrier.seal.HandshakeStream;
import farslot.carrier.seal.SealFormat;
import farslot.link.Discover;
import farslot.link.DiscoveryCodec;
import farslot.link.FrameCheck;
import farslot.link.FrameError;
import farslot.link.FrameFormat;
import farslot.link.Offer;
import farslot.link.RailTaker;
import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.linux.PacketSocket;
import farslot.linux.UnixClaim;
import farslot.pcie.BigEndian;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Where an appliance listens on an Ethernet segment: answers who looks for one, and makes a rail of
 * each HELLO. An interface that goes down or away is waited for.
 */
public final class EthernetListener
    implements Listener, EthernetPort.Handler, EthernetRail.KeysOutcome {
  private static final Logger LOG = System.getLogger(EthernetListener.class.getName());

  /** Rails at a time, those that are being closed included. */
  private static final int RAILS_MAX = 1024;

  /** DISCOVERs answered; eight rails of each of many servers may come up at once. */
  private static final int OFFERS_A_SECOND = 1000;

  private static final int OFFERS_BURST = 256;

  /** HELLOs that become rails. */
  private static final int HELLOS_A_SECOND = 200;

  private static final int HELLOS_BURST = 256;

  /** Rails whose keys are not agreed on yet; each costs memory, and work. */
  private static final int KEYLESS_MAX = 128;

  /** Reasons that are written to the log: whoever asks without end must not fill it. */
  private static final int REASONS_A_SECOND = 1;

  private static final int REASONS_BURST = 5;

  /** Between looks at an interface that is down or away. */
  private static final long WAIT_NS = 200_000_000;

  private final EventLoop loop;
  private final EthernetAddress address;
  private final RailTaker taker;
  private final Offering offering;
  private final EventLoop.Timer wait;
  private final RandomGenerator random = new SecureRandom();
  private final EthernetCounters counters = new EthernetCounters();
  private final DiscoveryCodec codec = new DiscoveryCodec();
  private final FrameCheck check = new FrameCheck();
  private final RateLimit offers;
  private final RateLimit hellos;
  private final RateLimit reasons;
  private final Optional<RailSecurity> security;
  private final Set<EthernetRail> keyless = new HashSet<>();
  private final Map<Caller, EthernetRail> rails = new HashMap<>();
  private final UnixClaim claim;
  private EthernetBuffers buffers;
  private EthernetPort port;
  private boolean closed;

  /** Who began a rail. */
  private record Caller(MacAddress mac, int port) {}

  /**
   * Listens. On the loop's thread, or before it runs.
   *
   * @throws IOException if the interface is not there, or cannot be used for this, in words; that
   *     it is down is no error
   */
  public EthernetListener(
      EventLoop loop, EthernetAddress address, RailTaker taker, Offering offering)
      throws IOException {
    this(loop, address, taker, offering, Optional.empty());
  }

  /**
   * As {@link #EthernetListener(EventLoop, EthernetAddress, RailTaker, Offering)}.
   *
   * @param security with it, only rails that it protects are made
   */
  public EthernetListener(
      EventLoop loop,
      EthernetAddress address,
      RailTaker taker,
      Offering offering,
      Optional<RailSecurity> security)
      throws IOException {
    this.security = security;
    reasons = new RateLimit(REASONS_A_SECOND, REASONS_BURST, loop.nowNs());
    this.loop = loop;
    this.address = address;
    this.taker = taker;
    this.offering = offering;
    offers = new RateLimit(OFFERS_A_SECOND, OFFERS_BURST, loop.nowNs());
    hellos = new RateLimit(HELLOS_A_SECOND, HELLOS_BURST, loop.nowNs());
    wait = loop.timer(this::tryAgain);
    NetInterface at = EthernetInterfaces.of(address);
    claim = claim();
    try {
      if (at.up()) {
        open(at);
      } else {
        waitFor(at.name() + " is down");
      }
    } catch (IOException e) {
      claim.close();
      throw e;
    }
  }

  /** Packet sockets do not exclude each other, and two that answer the same HELLO confuse all. */
  private UnixClaim claim() throws IOException {
    String place =
        "%s vlan %d port %d".formatted(address.interfaceName(), address.vlan(), address.port());
    try {
      return UnixClaim.of("farslot " + place);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EADDRINUSE) {
        throw e;
      }
      throw new BindException(
          "another appliance listens at "
              + place
              + " already; stop it, or give this one another port, as in eth:"
              + address.interfaceName()
              + "?port=2");
    }
  }

  private void open(NetInterface at) throws IOException {
    buffers = EthernetBuffers.of(at.mtuBytes(), buffers);
    port = new EthernetPort(loop, address, at, address.port(), true, buffers, this, counters);
  }

  private void waitFor(String cause) {
    LOG.log(Level.WARNING, "{0}: waiting for it; no rails come from there meanwhile", cause);
    wait.arm(WAIT_NS);
  }

  private void tryAgain() {
    try {
      NetInterface at = EthernetInterfaces.of(address);
      if (at.up()) {
        open(at);
        LOG.log(Level.INFO, "{0} is back: listening", at.name());
        return;
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0}: {1}", address, e.getMessage());
    }
    wait.arm(WAIT_NS);
  }

  @Override
  public void onPortDown(String cause) {
    port = null;
    waitFor(cause);
  }

  @Override
  public void onPacket(
      MemorySegment segment, long frameAt, int available, MacAddress from, int fromPort) {
    if (security.isPresent()
        && available >= SealFormat.BYTES_AT
        && BigEndian.u16(segment, frameAt) == SealFormat.MAGIC) {
      onKeys(segment, frameAt, available, from, fromPort);
      return;
    }
    int type =
        available < FrameFormat.HEADER_BYTES
            ? 0
            : BigEndian.u8(segment, frameAt + FrameFormat.TYPE_AT);
    switch (type) {
      case FrameFormat.DISCOVER -> onDiscover(segment, frameAt, available, from, fromPort);
      case FrameFormat.HELLO -> onHello(segment, frameAt, available, from, fromPort);
      default -> counters.droppedUnexpected++;
    }
  }

  // Being found.

  private void onDiscover(
      MemorySegment segment, long frameAt, int available, MacAddress from, int fromPort) {
    if (codec.check(segment, frameAt, available) != null) {
      counters.droppedMalformed++;
      return;
    }
    Discover discover = Discover.read(segment, frameAt);
    if (!discover.nodeName().isEmpty() && !discover.nodeName().equals(offering.nodeName())) {
      return;
    }
    if (!offers.take(loop.nowNs())) {
      counters.droppedRateLimited++;
      return;
    }
    List<String> functions = offering.functions().get();
    Offer offer =
        new Offer(
            discover.nonce(),
            offering.instanceId(),
            EthernetFormat.frameBytesMax(port.at().mtuBytes()),
            offering.nodeName(),
            functions.size(),
            security.isPresent(),
            functions);
    int frameBytes = BigEndian.u16(segment, frameAt + FrameFormat.LENGTH_AT);
    codec.write(buffers.scratch(), 0, offer, frameBytes);
    port.send(from, fromPort, buffers.scratch(), frameBytes);
  }

  // Rails.

  private void onHello(
      MemorySegment segment, long frameAt, int available, MacAddress from, int fromPort) {
    if (security.isPresent()) {
      counters.droppedInClear++;
      return;
    }
    FrameError error = check.check(segment, frameAt, available, FrameFormat.FRAME_BYTES_MAX, true);
    // Another major version is refused by who takes the rail, in words.
    if (error != null && error != FrameError.VERSION) {
      counters.droppedMalformed++;
      return;
    }
    int frameBytes = BigEndian.u16(segment, frameAt + FrameFormat.LENGTH_AT);
    Caller caller = new Caller(from, fromPort);
    EthernetRail rail = rails.get(caller);
    if (rail == null) {
      rail = accept(caller);
      if (rail != null) {
        announce(rail);
      }
    }
    if (rail != null) {
      rail.deliver(segment, frameAt, frameBytes);
    }
  }

  private void announce(EthernetRail rail) {
    rail.listen(taker.onRail(rail, loop.nowNs()));
  }

  private void onKeys(
      MemorySegment segment, long frameAt, int available, MacAddress from, int fromPort) {
    if (!HandshakeStream.check(segment, frameAt, available, false)) {
      counters.droppedMalformed++;
      return;
    }
    Caller caller = new Caller(from, fromPort);
    EthernetRail rail = rails.get(caller);
    if (rail == null && HandshakeStream.begins(segment, frameAt)) {
      if (keyless.size() >= KEYLESS_MAX) {
        counters.droppedRailsMax++;
        return;
      }
      rail = accept(caller);
      if (rail != null) {
        keyless.add(rail);
        long attempt = HandshakeStream.attempt(segment, frameAt);
        rail.agree(security.get(), false, attempt, this);
      }
    }
    if (rail == null || !rail.deliverKeys(segment, frameAt, available)) {
      counters.droppedUnexpected++;
    }
  }

  @Override
  public void onKeys(EthernetRail rail) {
    keyless.remove(rail);
    announce(rail);
  }

  @Override
  public void onNoKeys(EthernetRail rail, String cause) {
    keyless.remove(rail);
    if (reasons.take(loop.nowNs())) {
      LOG.log(Level.WARNING, "{0} gets no rail: {1}", rail.describe(), cause);
    }
  }

  /** Makes a rail; null when there is to be none. */
  private EthernetRail accept(Caller caller) {
    if (!hellos.take(loop.nowNs())) {
      counters.droppedRateLimited++;
      return null;
    }
    if (rails.size() + PacketSocket.closing() >= RAILS_MAX) {
      counters.droppedRailsMax++;
      return null;
    }
    NetInterface at = port.at();
    int own = EthernetScout.drawPort(random);
    EthernetRail.Ends ends = new EthernetRail.Ends(address, at, own, caller.mac(), caller.port());
    int frameBytesMax = EthernetFormat.frameBytesMax(at.mtuBytes(), security.isPresent());
    EthernetRail rail;
    try {
      rail =
          new EthernetRail(
              loop, ends, frameBytesMax, false, buffers.in(), counters, () -> rails.remove(caller));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot make a rail to {0}: {1}", caller.mac(), e.getMessage());
      return null;
    }
    rails.put(caller, rail);
    return rail;
  }

  @Override
  public Map<String, Long> counters() {
    return counters.snapshot();
  }

  @Override
  public String describe() {
    return address.toString();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      wait.cancel();
      claim.close();
      List.copyOf(keyless).forEach(rail -> rail.close("closed"));
      if (port != null) {
        port.close();
      }
    }
  }
}
