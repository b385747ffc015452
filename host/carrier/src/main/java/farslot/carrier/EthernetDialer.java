package farslot.carrier;

import farslot.link.Dialer;
import farslot.link.Discover;
import farslot.link.FrameFormat;
import farslot.link.Offer;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Dials an appliance on an Ethernet segment: looks who is there, unless its address is configured;
 * finds out what packets come through; makes a rail.
 */
public final class EthernetDialer
    implements Dialer, EthernetScout.Report, EthernetRail.KeysOutcome {
  /** How often it asks. */
  private static final long ASK_NS = 50_000_000;

  /** How long it waits for a second appliance, where any would do if it is the only one. */
  private static final long OTHERS_NS = 100_000_000;

  /** Counted in questions rather than in time: this end may itself be slow, when it has begun. */
  private static final int ASKS_MAX = 20;

  /** Appliances that are remembered from one look. */
  private static final int HEARD_MAX = 64;

  private final EventLoop loop;
  private final EthernetAddress address;
  private final EventLoop.Timer timer;
  private final RandomGenerator random = new SecureRandom();
  private final EthernetCounters counters;
  private final Optional<RailSecurity> security;

  /** Its keys are being agreed on; null otherwise. */
  private EthernetRail fresh;

  /** Whether the appliance that was found takes protected rails only. */
  private boolean wantsCredentials;

  private final Map<MacAddress, Offer> heard = new LinkedHashMap<>();
  private EthernetBuffers buffers;
  private NetInterface at;
  private EthernetScout scout;
  private PathProbe probe;
  private Caller caller;
  private int attempt;
  private int asks;
  private long firstHeardNs;

  /** Whose appliance it was the last time, so that another one on the segment confuses nobody. */
  private String lastNode = "";

  private int lastFrameBytes;

  /** Dials an address that was read. */
  public EthernetDialer(EventLoop loop, EthernetAddress address) {
    this(loop, address, new EthernetCounters());
  }

  /** As {@link #EthernetDialer(EventLoop, EthernetAddress)}, counting together with others. */
  public EthernetDialer(EventLoop loop, EthernetAddress address, EthernetCounters counters) {
    this(loop, address, counters, Optional.empty());
  }

  /**
   * As {@link #EthernetDialer(EventLoop, EthernetAddress)}, counting together with others.
   *
   * @param security with it, only rails that it protects are made
   */
  public EthernetDialer(
      EventLoop loop,
      EthernetAddress address,
      EthernetCounters counters,
      Optional<RailSecurity> security) {
    this.security = security;
    this.loop = loop;
    this.counters = counters;
    this.address = address;
    timer = loop.timer(this::onTimer);
  }

  @Override
  public void dial(Caller caller) {
    if (this.caller != null) {
      throw new IllegalStateException("dialling already");
    }
    this.caller = caller;
    int asked = ++attempt;
    loop.execute(() -> begin(asked));
  }

  @Override
  public void abandon() {
    attempt++;
    caller = null;
    stop();
  }

  private void begin(int asked) {
    if (asked != attempt) {
      return; // Abandoned.
    }
    asks = 0;
    try {
      at = EthernetInterfaces.ready(address);
      buffers = EthernetBuffers.of(at.mtuBytes(), buffers);
      scout = new EthernetScout(loop, address, at, buffers, this, counters, random);
    } catch (IOException e) {
      giveUp(e.getMessage());
      return;
    }
    if (address.peer() instanceof EthernetAddress.Station station) {
      probe = new PathProbe(scout, station.mac(), EthernetFormat.frameBytesMax(at.mtuBytes()));
    }
    ask();
  }

  private void ask() {
    asks++;
    if (probe != null) {
      probe.ask();
    } else {
      String name = address.peer() instanceof EthernetAddress.Node node ? node.name() : "";
      scout.askAll(name, Discover.FRAME_BYTES_LEAST);
    }
    timer.arm(ASK_NS);
  }

  private void onTimer() {
    long nowNs = loop.nowNs();
    if (probe != null && probe.settled()) {
      connect();
    } else if (probe == null && !heard.isEmpty() && nowNs - firstHeardNs >= OTHERS_NS) {
      choose();
    } else if (asks >= ASKS_MAX) {
      String deaf = EthernetInterfaces.deaf(address);
      giveUp(!deaf.isEmpty() ? deaf : probe == null ? nobody() : notThrough());
    } else {
      ask();
    }
  }

  @Override
  public void onOffer(MacAddress from, Offer offer, int frameBytes) {
    if (probe != null) {
      if (probe.station().equals(from)) {
        onProbed(offer, frameBytes);
      }
      return;
    }
    if (address.peer() instanceof EthernetAddress.Node node
        && !node.name().equals(offer.nodeName())) {
      return; // Nobody asked for this one.
    }
    if (heard.isEmpty()) {
      firstHeardNs = loop.nowNs();
    }
    if (heard.size() < HEARD_MAX) {
      heard.put(from, offer);
    }
    if (address.peer() instanceof EthernetAddress.Node || lastNode.equals(offer.nodeName())) {
      probe(from, offer);
    }
  }

  /** Takes the only appliance that has answered. */
  private void choose() {
    TreeSet<String> names = new TreeSet<>();
    heard.values().forEach(offer -> names.add(offer.nodeName()));
    if (names.size() == 1) {
      Map.Entry<MacAddress, Offer> only = heard.entrySet().iterator().next();
      probe(only.getKey(), only.getValue());
    } else {
      giveUp(
          "%d appliances answer on %s: %s; say which, as in %s%s/%s"
              .formatted(
                  names.size(),
                  address.interfaceName(),
                  String.join(", ", names),
                  EthernetAddress.SCHEME,
                  address.interfaceName(),
                  names.first()));
    }
  }

  private void probe(MacAddress station, Offer offer) {
    lastNode = offer.nodeName();
    wantsCredentials = offer.credentials();
    probe = new PathProbe(scout, station, EthernetFormat.frameBytesMax(at.mtuBytes()));
    probe.limit(offer.frameBytesMax());
    ask();
  }

  private void onProbed(Offer offer, int frameBytes) {
    lastNode = offer.nodeName();
    wantsCredentials = offer.credentials();
    probe.answered(frameBytes);
    probe.limit(offer.frameBytesMax());
    if (probe.complete()) {
      connect();
    }
  }

  private void connect() {
    MacAddress station = probe.station();
    if (probe.frameBytes() < EthernetFormat.FRAME_BYTES_LEAST) {
      giveUp(notThrough());
      return;
    }
    if (wantsCredentials != security.isPresent()) {
      giveUp(
          wantsCredentials
              ? "'%s' takes rails with credentials only: give yours ('pki')".formatted(lastNode)
              : "'%s' takes rails in clear only: give it credentials too ('pki'), or neither end"
                  .formatted(lastNode));
      return;
    }
    int frameBytes = frameBytesMax(EthernetFormat.mtuBytes(probe.frameBytes()));
    EthernetRail.Ends ends =
        new EthernetRail.Ends(address, at, EthernetScout.drawPort(random), station, address.port());
    EthernetRail rail;
    try {
      rail = new EthernetRail(loop, ends, frameBytes, true, buffers.in(), counters, () -> {});
    } catch (IOException e) {
      giveUp(e.getMessage());
      return;
    }
    lastFrameBytes = frameBytes;
    stop();
    if (security.isPresent()) {
      fresh = rail;
      rail.agree(security.get(), true, random.nextLong(), this);
    } else {
      announce(rail);
    }
  }

  private int frameBytesMax(int mtuBytes) {
    return EthernetFormat.frameBytesMax(mtuBytes, security.isPresent());
  }

  private void announce(EthernetRail rail) {
    Caller asked = caller;
    caller = null;
    rail.listen(asked.onRail(rail, loop.nowNs()));
  }

  @Override
  public void onKeys(EthernetRail rail) {
    fresh = null;
    announce(rail);
  }

  @Override
  public void onNoKeys(EthernetRail rail, String cause) {
    fresh = null;
    giveUp(rail.describe() + ": " + cause);
  }

  @Override
  public void onScoutDown(String cause) {
    giveUp(cause);
  }

  private void giveUp(String cause) {
    Caller asked = caller;
    caller = null;
    stop();
    asked.onDialFailed(cause, loop.nowNs());
  }

  private void stop() {
    timer.cancel();
    heard.clear();
    probe = null;
    if (fresh != null) {
      fresh.close("given up");
      fresh = null;
    }
    if (scout != null) {
      scout.close();
      scout = null;
    }
  }

  // For people.

  private String nobody() {
    String whom =
        address.peer() instanceof EthernetAddress.Node node
            ? "appliance '" + node.name() + "'"
            : "appliance";
    return "no %s answers on %s: is one listening with 'listen: %s'%s?"
        .formatted(whom, address.interfaceName(), listen(), vlanAdvice());
  }

  private String notThrough() {
    if (probe.frameBytes() == 0) {
      return "%s does not answer on %s: is an appliance listening there with 'listen: %s'%s?"
          .formatted(probe.station(), address.interfaceName(), listen(), vlanAdvice());
    }
    return "packets of %d bytes do not come through to %s on %s: something on the way has a smaller MTU"
        .formatted(EthernetFormat.MTU_LEAST, probe.station(), address.interfaceName());
  }

  private String listen() {
    String parameters = address.segment().toString().replaceFirst("^[^?]*", "");
    return EthernetAddress.SCHEME + "INTERFACE" + parameters;
  }

  private String vlanAdvice() {
    return address.vlan() == 0
        ? ", are both in the same VLAN"
        : ", does the network carry VLAN " + address.vlan() + " to both";
  }

  @Override
  public boolean repeatsItself() {
    return true;
  }

  /** What the last dial has found; before that, what the interface promises. */
  @Override
  public int frameBytesMax() {
    if (lastFrameBytes != 0) {
      return lastFrameBytes;
    }
    try {
      return frameBytesMax(EthernetInterfaces.of(address).mtuBytes());
    } catch (IOException e) {
      return FrameFormat.FRAME_BYTES_MAX; // The dial will say what is wrong.
    }
  }

  @Override
  public String describe() {
    return address.toString();
  }
}
