package farslot.cards.nic82599;

import farslot.cards.nic82599.bridge.BridgePort;
import farslot.cards.nic82599.bridge.XcastMode;
import farslot.cards.nic82599.spec.MailboxMessage;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.BitSet;

/**
 * What a guest has asked of its place in the switch, and was granted: kept beside it, so that
 * another place can be asked for the same when the function moves.
 */
final class GuestSettings {
  private static final int MULTICAST_MAX = MailboxMessage.MULTICAST_MAX;
  private static final int VLANS = MailboxMessage.VLAN_MASK + 1;

  private final BridgePort bridge;
  private final long[] macs = new long[BridgePort.EXTRA_MACS_MAX];
  private int macCount;
  private final BitSet vlans = new BitSet(VLANS);
  private final int[] groups = new int[MULTICAST_MAX];
  private int groupCount;
  private int frameBytesMax;

  GuestSettings(BridgePort bridge) {
    this.bridge = bridge;
  }

  void reset() {
    forget();
    bridge.reset();
  }

  private void forget() {
    macCount = 0;
    vlans.clear();
    groupCount = 0;
    frameBytesMax = BridgePort.FRAME_BYTES_USUAL;
  }

  boolean setMac(long mac) {
    return bridge.setMac(mac);
  }

  void clearMacs() {
    macCount = 0;
    bridge.clearMacs();
  }

  boolean addMac(long mac) {
    boolean granted = bridge.addMac(mac);
    if (granted && macCount < macs.length) {
      macs[macCount++] = mac;
    }
    return granted;
  }

  boolean vlan(int id, boolean member) {
    boolean granted = bridge.vlan(id, member);
    if (granted) {
      vlans.set(id, member);
    }
    return granted;
  }

  void multicast(int[] hashes, int count) {
    System.arraycopy(hashes, 0, groups, 0, count);
    groupCount = count;
    bridge.multicast(groups, count);
  }

  boolean frameBytesMax(int bytes) {
    boolean granted = bridge.frameBytesMax(bytes);
    frameBytesMax = granted ? bytes : frameBytesMax;
    return granted;
  }

  XcastMode xcast(XcastMode asked) {
    return bridge.xcast(asked);
  }

  void save(StateWriter state) {
    state.part("nic82599.port", 1);
    state.i64(bridge.mac()).u8(bridge.xcast().ordinal()).u16(frameBytesMax);
    state.u8(macCount);
    for (int i = 0; i < macCount; i++) {
      state.i64(macs[i]);
    }
    state.u8(groupCount);
    for (int i = 0; i < groupCount; i++) {
      state.u16(groups[i]);
    }
    state.u16(vlans.cardinality());
    vlans.stream().forEach(state::u16);
  }

  /** Asks for everything anew; what was permitted there may not be here. */
  void restore(StateReader state) throws StateException {
    state.part("nic82599.port", 1);
    long mac = state.i64();
    int mode = state.u8();
    state.require(mode < XcastMode.values().length, "there is no mode " + mode);
    state.require(mac == bridge.mac() || bridge.setMac(mac), "the guest may not have its address");
    state.require(
        bridge.xcast(XcastMode.values()[mode]).ordinal() == mode,
        "the guest may not have its mode");
    state.require(frameBytesMax(state.u16()), "frames may not be that long");
    int some = state.u8();
    state.require(some <= macs.length, some + " addresses are too many");
    for (int i = 0; i < some; i++) {
      state.require(addMac(state.i64()), "the guest may not have another address");
    }
    some = state.u8();
    state.require(some <= MULTICAST_MAX, some + " groups are too many");
    for (int i = 0; i < some; i++) {
      groups[i] = state.u16("a group", 0, (1 << BridgePort.HASH_BITS) - 1);
    }
    groupCount = some;
    bridge.multicast(groups, some);
    some = state.u16("VLANs", 0, VLANS);
    for (int i = 0; i < some; i++) {
      state.require(
          vlan(state.u16("a VLAN", 0, VLANS - 1), true), "the guest may not be in a VLAN");
    }
  }
}
