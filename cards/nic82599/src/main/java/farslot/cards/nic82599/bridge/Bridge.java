package farslot.cards.nic82599.bridge;

import farslot.function.EthernetPort;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The switch between the ports and the uplink. A port's addresses are its settings', so nothing has
 * to be flooded to find them; learned is what is elsewhere than they say: an address of a port that
 * was heard from the uplink last (a guest's bond that works with its own card just now), or one
 * behind a port that may send from any address. What nobody here has goes to the uplink.
 *
 * <p>Frames stay in their VLAN: 0 is what has no tag on the uplink, others are told apart by it.
 *
 * <p>All calls on the slot's agent thread. A frame passes through to its receivers before {@code
 * send} returns; nothing is queued here, so what finds no room is dropped.
 */
public final class Bridge implements EthernetPort.Receiver, AutoCloseable {
  /** What the 82599 has of virtual functions: data sheet, 7.10.2. */
  public static final int PORTS_MAX = 64;

  private static final int UPLINK = PORTS_MAX;

  private final List<Port> ports = new ArrayList<>();
  private final Optional<EthernetPort> uplink;
  private final LongSupplier nowNs;
  private final Frame frame = new Frame();
  private final Learned learned = new Learned();
  private final Owners owners = new Owners();
  private final PortCounts uplinkCounts = new PortCounts();
  private boolean carrier;
  private boolean passing;

  /**
   * @param policies one a port, at most {@link #PORTS_MAX}
   * @param uplink opened here, closed by {@link #close}
   * @param madeMac what addresses are made from where the configuration says none; any number
   * @param nowNs the agent's time
   */
  public Bridge(
      List<PortPolicy> policies, Optional<EthernetPort> uplink, long madeMac, LongSupplier nowNs) {
    assert policies.size() <= PORTS_MAX : policies.size();
    this.uplink = uplink;
    this.nowNs = nowNs;
    long made = Mac.local(madeMac);
    for (PortPolicy each : policies) {
      long mac = each.mac();
      if (mac == 0) {
        while (taken(policies, made)) {
          made = Mac.local(made + 1);
        }
        mac = made;
        made = Mac.local(made + 1);
      }
      ports.add(new Port(this, ports.size(), each, mac, nowNs.getAsLong()));
    }
    owners.rebuild(ports);
    uplink.ifPresent(port -> port.open(this));
  }

  private static boolean taken(List<PortPolicy> policies, long mac) {
    return policies.stream().anyMatch(each -> each.mac() == mac);
  }

  /** The place of a virtual function. */
  public BridgePort port(int index) {
    return ports.get(index);
  }

  /** What was counted at the uplink, seen from outside: sent by it, received by it, lost in it. */
  public Map<String, Long> uplinkCounts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    uplinkCounts.nonZero().forEach((name, value) -> counts.put("uplink " + name, value));
    uplink.ifPresent(
        port -> port.counts().forEach((name, value) -> counts.put("uplink " + name, value)));
    return counts;
  }

  // --- frames

  boolean fromPort(Port from, MemorySegment segment, long offset, int bytes) {
    assert !passing : "a receiver sends from within onFrame";
    long now = nowNs.getAsLong();
    boolean readable = frame.take(segment, offset, bytes);
    if (!from.admit(frame, readable, bytes, now)) {
      return false;
    }
    passing = true;
    try {
      learn(from, now);
      if (Mac.isGroup(frame.destination)) {
        toGroup(from);
        toUplink(from);
      } else if (toStation(from, now)) {
        toUplink(from);
      }
    } finally {
      passing = false;
    }
    return true;
  }

  /** A port's own address is where its settings say, from now on again; others are remembered. */
  private void learn(Port from, long now) {
    if (from.owns(frame.source)) {
      learned.forget(frame.vlan(), frame.source);
    } else {
      learned.put(frame.vlan(), frame.source, from.index(), now);
    }
  }

  /**
   * @param from null for the uplink
   */
  private void toGroup(Port from) {
    for (int i = 0; i < ports.size(); i++) {
      Port each = ports.get(i);
      if (each != from && each.hears(frame.vlan()) && each.wantsGroup(frame.destination)) {
        each.deliver(frame);
      }
    }
  }

  /** Returns whether the frame is for the uplink. */
  private boolean toStation(Port from, long now) {
    int heardAt = learned.find(frame.vlan(), frame.destination, now);
    long here = heardAt == UPLINK ? 0 : stations(heardAt);
    // What a guest sends to itself goes nowhere, as on any switch.
    deliver(here | promiscuous(), from);
    return here == 0;
  }

  /** The ports that have the frame's destination, by their settings or by what was learned. */
  private long stations(int heardAt) {
    long here = owners.of(frame.destination);
    if (heardAt >= 0 && heardAt < PORTS_MAX) {
      here |= 1L << heardAt;
    }
    return hearing(here);
  }

  private long hearing(long mask) {
    long hearing = 0;
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      Port each = ports.get(i);
      if (each.up() && each.hears(frame.vlan())) {
        hearing |= 1L << i;
      }
    }
    return hearing;
  }

  private long promiscuous() {
    long mask = 0;
    for (int i = 0; i < ports.size(); i++) {
      if (ports.get(i).wantsAll()) {
        mask |= 1L << i;
      }
    }
    return mask == 0 ? 0 : hearing(mask);
  }

  /**
   * @param from null for the uplink
   */
  private void deliver(long mask, Port from) {
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      Port each = ports.get(Long.numberOfTrailingZeros(rest));
      if (each != from) {
        each.deliver(frame);
      }
    }
  }

  private void toUplink(Port from) {
    if (uplink.isEmpty()) {
      return;
    }
    frame.asTagged();
    int bytes = frame.bytes;
    if (uplink.get().send(frame.at, frame.offset, bytes)) {
      uplinkCounts.received(bytes);
    } else {
      from.uplinkRefused();
    }
  }

  @Override
  public void onFrame(MemorySegment segment, long offset, int bytes) {
    if (!frame.take(segment, offset, bytes) || Mac.isGroup(frame.source)) {
      uplinkCounts.dropped(Drop.MALFORMED);
      return;
    }
    if (frame.toReservedGroup()) {
      // Between the host's end of the cable and ours: not for those behind the switch.
      uplinkCounts.dropped(Drop.RESERVED);
      return;
    }
    uplinkCounts.sent(bytes);
    passing = true;
    try {
      long now = nowNs.getAsLong();
      int heardAt = learned.find(frame.vlan(), frame.source, now);
      if (heardAt != Learned.NOWHERE || owners.of(frame.source) != 0) {
        learned.put(frame.vlan(), frame.source, UPLINK, now);
      }
      if (Mac.isGroup(frame.destination)) {
        toGroup(null);
      } else {
        int at = learned.find(frame.vlan(), frame.destination, now);
        deliver(stations(at) | promiscuous(), null);
      }
    } finally {
      passing = false;
    }
  }

  // --- links and addresses

  @Override
  public void onCarrier(boolean up) {
    carrier = up;
    for (Port each : ports) {
      each.followUplink();
    }
  }

  boolean linkOf(PortPolicy policy) {
    return switch (policy.link()) {
      case ON -> true;
      case OFF -> false;
      case AUTO -> uplink.isEmpty() || carrier;
    };
  }

  /** Whether an address is that of another port which may meet this one in a VLAN. */
  boolean isOthers(Port asking, long mac) {
    for (Port each : ports) {
      if (each != asking
          && each.policy().vlan() == asking.policy().vlan()
          && each.owns(mac)
          && !asking.policy().trust()) {
        return true;
      }
    }
    return false;
  }

  /** Whether an address that the appliance gives a port is taken in one of its VLANs. */
  boolean isAnothers(Port asking, long mac) {
    return ports.stream()
        .anyMatch(
            each ->
                each != asking
                    && each.policy().vlan() == asking.policy().vlan()
                    && each.claims(mac));
  }

  void addressesChanged(Port port) {
    owners.rebuild(ports);
    learned.forgetPort(port.index());
  }

  @Override
  public void close() {
    uplink.ifPresent(EthernetPort::close);
  }
}
