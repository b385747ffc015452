package farslot.carrier;

import farslot.link.Offer;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the appliances of an Ethernet segment, for people. */
public final class Discovery {
  /** How often it asks. */
  private static final long ASK_NS = 50_000_000;

  /** Appliances that are told of at most. */
  private static final int FOUND_MAX = 256;

  /** Long enough for most lists of functions, and what any Ethernet carries. */
  private static final int FRAME_BYTES = EthernetFormat.frameBytesMax(EthernetFormat.MTU_LEAST);

  /**
   * An appliance.
   *
   * @param mac where it is
   * @param port where it listens
   * @param mtuBytes longest packet that comes through to it and back; 0 if not even the shortest
   * @param functionCount how many functions it offers
   * @param credentials whether it takes protected rails only
   * @param functions names of as many of them as it told
   */
  public record Appliance(
      String nodeName,
      MacAddress mac,
      int port,
      int mtuBytes,
      int functionCount,
      boolean credentials,
      List<String> functions) {}

  private final EventLoop loop = new EventLoop("discovery", 0);
  private final EthernetAddress segment;
  private final NetInterface at;
  private final EthernetScout scout;
  private final EventLoop.Timer timer;
  private final Map<MacAddress, Found> found = new LinkedHashMap<>();
  private final long endNs;
  private String failure = "";

  /** What is known of one so far. */
  private record Found(Offer offer, PathProbe probe) {}

  private Discovery(EthernetAddress segment, NetInterface at, long forNs) throws IOException {
    this.segment = segment;
    this.at = at;
    endNs = loop.nowNs() + forNs;
    timer = loop.timer(this::onTimer);
    scout =
        new EthernetScout(
            loop,
            segment,
            at,
            EthernetBuffers.of(at.mtuBytes()),
            new Reporter(),
            new EthernetCounters(),
            new SecureRandom());
  }

  /**
   * Looks for a time.
   *
   * @param segment interface, VLAN and port where appliances listen
   * @param forNs 200 ms is enough on a quiet network
   * @return who answered, by node name
   * @throws IOException if the interface cannot be used, in words
   */
  public static List<Appliance> list(EthernetAddress segment, long forNs) throws IOException {
    EthernetAddress place = segment.segment();
    Discovery discovery = new Discovery(place, EthernetInterfaces.ready(place), forNs);
    discovery.onTimer();
    discovery.loop.run();
    if (!discovery.failure.isEmpty()) {
      throw new IOException(discovery.failure);
    }
    return discovery.appliances();
  }

  private void onTimer() {
    if (loop.nowNs() - endNs >= 0) {
      end();
      return;
    }
    scout.askAll("", FRAME_BYTES);
    for (Found each : List.copyOf(found.values())) {
      if (!each.probe.settled()) {
        each.probe.ask();
      }
    }
    timer.arm(ASK_NS);
  }

  private void end() {
    timer.cancel();
    scout.close();
    loop.close();
  }

  private final class Reporter implements EthernetScout.Report {
    @Override
    public void onOffer(MacAddress from, Offer offer, int frameBytes) {
      Found known = found.get(from);
      if (known != null) {
        known.probe.answered(frameBytes);
      } else if (found.size() < FOUND_MAX) {
        int frameBytesMax = EthernetFormat.frameBytesMax(at.mtuBytes());
        PathProbe probe = new PathProbe(scout, from, frameBytesMax);
        probe.limit(offer.frameBytesMax());
        found.put(from, new Found(offer, probe));
        probe.ask();
      }
    }

    @Override
    public void onScoutDown(String cause) {
      failure = cause;
      end();
    }
  }

  private List<Appliance> appliances() {
    List<Appliance> all = new ArrayList<>();
    found.forEach(
        (mac, each) -> {
          int frameBytes = each.probe.frameBytes();
          int mtu = frameBytes == 0 ? 0 : EthernetFormat.mtuBytes(frameBytes);
          Offer offer = each.offer;
          all.add(
              new Appliance(
                  offer.nodeName(),
                  mac,
                  segment.port(),
                  mtu,
                  offer.functionCount(),
                  offer.credentials(),
                  offer.functions()));
        });
    all.sort(Comparator.comparing(Appliance::nodeName));
    return all;
  }
}
