package farslot.cards.nic82599;

import farslot.cards.nic82599.bridge.BridgePort;
import farslot.cards.nic82599.bridge.XcastMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A port of a switch that keeps what it is told; in loopback it gives frames back. */
final class FakeBridge implements BridgePort {
  final List<byte[]> frames = new ArrayList<>();
  final TreeSet<Long> macs = new TreeSet<>();
  final TreeSet<Integer> vlans = new TreeSet<>();
  final List<Integer> hashes = new ArrayList<>();
  XcastMode granted = XcastMode.MULTI;
  int frameBytesMax = FRAME_BYTES_USUAL;
  long firstMac = 0x02_00_5E_10_00_01L;
  long mac = firstMac;
  int portVlan;
  boolean trusted;
  boolean loopback;
  boolean keep = true;
  boolean up = true;
  int resets;
  private Receiver receiver;

  /** A frame from elsewhere. */
  boolean give(byte[] frame) {
    return receiver.onFrame(MemorySegment.ofArray(frame), 0, frame.length);
  }

  boolean give(MemorySegment frame, int bytes) {
    return receiver.onFrame(frame, 0, bytes);
  }

  void link(boolean now) {
    up = now;
    receiver.onLink(up, mbps());
  }

  @Override
  public void attach(Receiver to) {
    receiver = to;
    receiver.onLink(up, mbps());
  }

  @Override
  public void detach() {
    receiver = null;
  }

  @Override
  public void reset() {
    resets++;
    mac = firstMac;
    macs.clear();
    vlans.clear();
    hashes.clear();
    granted = XcastMode.MULTI;
    frameBytesMax = FRAME_BYTES_USUAL;
  }

  @Override
  public boolean send(MemorySegment frame, long offset, int bytes) {
    if (keep) {
      frames.add(frame.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
    // A switch passes nothing on that is longer than a card can take, a tag's four bytes included.
    if (bytes > FRAME_BYTES_MAX + 4) {
      return false;
    }
    return !loopback || receiver.onFrame(frame, offset, bytes);
  }

  @Override
  public boolean up() {
    return up;
  }

  @Override
  public int mbps() {
    return 10_000;
  }

  @Override
  public long mac() {
    return mac;
  }

  @Override
  public boolean identify(long to) {
    firstMac = to == 0 ? 0x02_00_5E_10_00_01L : to;
    reset();
    return true;
  }

  @Override
  public long frames() {
    return frames.size();
  }

  @Override
  public boolean setMac(long to) {
    boolean station = to != 0 && (to >>> 40 & 1) == 0;
    mac = station ? to : mac;
    return station;
  }

  @Override
  public boolean addMac(long one) {
    return macs.size() < EXTRA_MACS_MAX && macs.add(one);
  }

  @Override
  public void clearMacs() {
    macs.clear();
  }

  @Override
  public boolean vlan(int id, boolean member) {
    if (portVlan != 0) {
      return false;
    }
    if (member) {
      vlans.add(id);
    } else {
      vlans.remove(id);
    }
    return true;
  }

  @Override
  public int portVlan() {
    return portVlan;
  }

  @Override
  public void multicast(int[] all, int count) {
    hashes.clear();
    for (int i = 0; i < count; i++) {
      hashes.add(all[i]);
    }
  }

  @Override
  public XcastMode xcast(XcastMode asked) {
    granted = trusted || asked.compareTo(XcastMode.MULTI) <= 0 ? asked : XcastMode.MULTI;
    return granted;
  }

  @Override
  public XcastMode xcast() {
    return granted;
  }

  @Override
  public boolean frameBytesMax(int bytes) {
    boolean possible = bytes >= 60 && bytes <= FRAME_BYTES_MAX;
    frameBytesMax = possible ? bytes : frameBytesMax;
    return possible;
  }

  @Override
  public boolean trusted() {
    return trusted;
  }

  @Override
  public Map<String, Long> counts() {
    return Map.of();
  }
}
