package farslot.cards.nic82599.bridge;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Map;

/** One port of the switch: the appliance's policy, the guest's settings, its counters. */
final class Port implements BridgePort {
  private static final int MBPS = 10_000;
  private static final int FRAME_BYTES_LEAST = 64 - 4;

  private final Bridge bridge;
  private final int index;
  private final PortPolicy policy;
  private final TokenBucket committed;
  private final TokenBucket peak;
  private final PortCounts counts = new PortCounts();

  /** The one that the configuration says, or that was made. */
  private final long configuredMac;

  /** The one that it has after a reset. */
  private long firstMac;

  private final long[] macs = new long[1 + EXTRA_MACS_MAX];
  private int addresses = 1;
  private final BitSet joined = new BitSet(PortPolicy.VLAN_MAX + 1);
  private final BitSet hashes = new BitSet(1 << HASH_BITS);
  private XcastMode xcast = XcastMode.MULTI;
  private int frameBytesMax = FRAME_BYTES_USUAL;

  /** Null while no function is there. */
  private Receiver receiver;

  private boolean up;

  Port(Bridge bridge, int index, PortPolicy policy, long mac, long nowNs) {
    this.bridge = bridge;
    this.index = index;
    this.policy = policy;
    configuredMac = mac;
    firstMac = mac;
    macs[0] = mac;
    committed = new TokenBucket(policy.rateBps(), policy.burstBytes(), nowNs);
    peak = new TokenBucket(policy.peakBps(), PortPolicy.usualBurstBytes(policy.peakBps()), nowNs);
  }

  int index() {
    return index;
  }

  PortPolicy policy() {
    return policy;
  }

  int addresses() {
    return addresses;
  }

  long address(int which) {
    return macs[which];
  }

  boolean owns(long mac) {
    for (int i = 0; i < addresses; i++) {
      if (macs[i] == mac) {
        return true;
      }
    }
    return false;
  }

  // --- frames

  @Override
  public boolean send(MemorySegment frame, long offset, int bytes) {
    return bridge.fromPort(this, frame, offset, bytes);
  }

  /** Whether a frame of the guest's may go on, and in which VLAN; counts it. */
  boolean admit(Frame frame, boolean readable, int bytes, long nowNs) {
    Drop why = objection(frame, readable, bytes, nowNs);
    if (why != null) {
      counts.dropped(why);
      return false;
    }
    committed.take(bytes);
    peak.take(bytes);
    counts.sent(bytes);
    return true;
  }

  private Drop objection(Frame frame, boolean readable, int bytes, long nowNs) {
    if (!up) {
      return Drop.LINK_DOWN;
    }
    if (!readable || frame.untaggedBytes() > FRAME_BYTES_MAX || Mac.isGroup(frame.source)) {
      return Drop.MALFORMED;
    }
    if (policy.spoofCheck() && !owns(frame.source)) {
      return Drop.SPOOFED;
    }
    if (!maySendIn(frame)) {
      return Drop.VLAN;
    }
    if (frame.toReservedGroup() && !policy.trust()) {
      return Drop.RESERVED;
    }
    if (!committed.has(bytes, nowNs) || !peak.has(bytes, nowNs)) {
      return Drop.RATE;
    }
    if (policy.vlan() != 0) {
      frame.belongsTo(policy.vlan());
    }
    return null;
  }

  private boolean maySendIn(Frame frame) {
    int tag = frame.tag();
    if (frame.ambiguous()) {
      return false;
    }
    if (policy.vlan() != 0 || tag == 0) {
      return tag == 0;
    }
    return policy.spoofCheck() ? joined.get(tag) : policy.vlans().get(tag);
  }

  /** Whether frames of this VLAN (0: none) are for this port at all. */
  boolean hears(int vlan) {
    if (policy.vlan() != 0) {
      return vlan == policy.vlan();
    }
    return vlan == 0 || joined.get(vlan);
  }

  boolean wantsAll() {
    return xcast == XcastMode.PROMISC;
  }

  boolean wantsGroup(long mac) {
    return switch (xcast) {
      case NONE -> false;
      case MULTI -> mac == Mac.BROADCAST || hashes.get(hash(mac));
      case ALLMULTI, PROMISC -> true;
    };
  }

  /** See {@link #HASH_BITS}. */
  private static int hash(long mac) {
    return (int) ((mac >>> 12 & 0xF) | (mac & 0xFF) << 4);
  }

  void deliver(Frame frame) {
    if (!up) {
      return;
    }
    if (frame.untaggedBytes() > frameBytesMax) {
      counts.dropped(Drop.TOO_LONG);
      return;
    }
    if (policy.vlan() != 0) {
      frame.asUntagged();
    } else {
      frame.asTagged();
    }
    // Another port's function may be called before this one returns from its own: sizes first.
    int bytes = frame.bytes;
    if (receiver.onFrame(frame.at, frame.offset, bytes)) {
      counts.received(bytes);
    } else {
      counts.dropped(Drop.NO_ROOM);
    }
  }

  void uplinkRefused() {
    counts.dropped(Drop.UPLINK);
  }

  // --- the function and its link

  @Override
  public void attach(Receiver to) {
    assert receiver == null : "a function is there already";
    receiver = to;
    up = bridge.linkOf(policy);
    to.onLink(up, MBPS);
  }

  @Override
  public void detach() {
    receiver = null;
    up = false;
    reset();
  }

  /** The uplink's carrier may have changed. */
  void followUplink() {
    boolean now = receiver != null && bridge.linkOf(policy);
    if (now != up) {
      up = now;
      receiver.onLink(now, MBPS);
    }
  }

  @Override
  public void reset() {
    macs[0] = firstMac;
    addresses = 1;
    joined.clear();
    hashes.clear();
    xcast = XcastMode.MULTI;
    frameBytesMax = FRAME_BYTES_USUAL;
    bridge.addressesChanged(this);
  }

  @Override
  public boolean up() {
    return up;
  }

  @Override
  public int mbps() {
    return MBPS;
  }

  // --- what the guest asks for

  @Override
  public long mac() {
    return macs[0];
  }

  @Override
  public boolean identify(long mac) {
    long next = mac == 0 ? configuredMac : mac;
    if (next != firstMac) {
      if (!Mac.isStation(next) || bridge.isAnothers(this, next)) {
        return false;
      }
      firstMac = next;
    }
    reset();
    return true;
  }

  /** Whether an address is, or will be after a reset, this port's. */
  boolean claims(long mac) {
    return firstMac == mac || owns(mac);
  }

  @Override
  public long frames() {
    return counts.frames();
  }

  @Override
  public boolean setMac(long mac) {
    if (mac == macs[0]) {
      return true;
    }
    if (!Mac.isStation(mac) || !mayChoose() || bridge.isOthers(this, mac)) {
      return false;
    }
    macs[0] = mac;
    bridge.addressesChanged(this);
    return true;
  }

  @Override
  public boolean addMac(long mac) {
    if (owns(mac)) {
      return true;
    }
    if (!Mac.isStation(mac)
        || !mayChoose()
        || addresses == macs.length
        || bridge.isOthers(this, mac)) {
      return false;
    }
    macs[addresses++] = mac;
    bridge.addressesChanged(this);
    return true;
  }

  /** Where the appliance has set an address, it is the only one, unless the port is trusted. */
  private boolean mayChoose() {
    return policy.mac() == 0 && firstMac == configuredMac || policy.trust();
  }

  @Override
  public void clearMacs() {
    addresses = 1;
    bridge.addressesChanged(this);
  }

  @Override
  public boolean vlan(int id, boolean member) {
    if (id == 0) {
      return true;
    }
    if (id < 0 || policy.vlan() != 0 || !policy.vlans().get(id)) {
      return false;
    }
    joined.set(id, member);
    return true;
  }

  @Override
  public int portVlan() {
    return policy.vlan();
  }

  @Override
  public void multicast(int[] groups, int count) {
    hashes.clear();
    for (int i = 0; i < count; i++) {
      hashes.set(groups[i] & (1 << HASH_BITS) - 1);
    }
  }

  @Override
  public XcastMode xcast(XcastMode asked) {
    xcast = asked.compareTo(XcastMode.MULTI) > 0 && !policy.trust() ? XcastMode.MULTI : asked;
    return xcast;
  }

  @Override
  public XcastMode xcast() {
    return xcast;
  }

  @Override
  public boolean frameBytesMax(int bytes) {
    if (bytes < FRAME_BYTES_LEAST || bytes > FRAME_BYTES_MAX) {
      return false;
    }
    frameBytesMax = bytes;
    return true;
  }

  @Override
  public boolean trusted() {
    return policy.trust();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> all = counts.nonZero();
    if (index == 0) {
      // The uplink is nobody's; one place to look at it is enough.
      all.putAll(bridge.uplinkCounts());
    }
    return all;
  }

  long dropped(Drop why) {
    return counts.count(why);
  }
}
