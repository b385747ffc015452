package farslot.cards.nic82599.bridge;

import java.util.Arrays;
import java.util.List;

/**
 * Which ports an address belongs to, by the ports' settings: found in one step for each frame, made
 * anew whenever a setting changes, which is rare.
 */
final class Owners {
  private long[] macs = new long[0];
  private long[] masks = new long[0];
  private int slots;

  /** The ports as bits of a mask; 0 when it is nobody's here. */
  long of(long mac) {
    if (slots == 0) {
      return 0;
    }
    for (int i = slot(mac); ; i = i + 1 & slots - 1) {
      if (masks[i] == 0 || macs[i] == mac) {
        return masks[i];
      }
    }
  }

  void rebuild(List<Port> ports) {
    int count = 0;
    for (Port each : ports) {
      count += each.addresses();
    }
    // Half of the slots stay empty, so that a search ends soon.
    int wanted = Math.max(16, Integer.highestOneBit(count * 2) << 1);
    if (wanted > slots) {
      slots = wanted;
      macs = new long[slots];
      masks = new long[slots];
    }
    Arrays.fill(masks, 0);
    for (Port each : ports) {
      for (int i = 0; i < each.addresses(); i++) {
        add(each.address(i), 1L << each.index());
      }
    }
  }

  private void add(long mac, long mask) {
    int i = slot(mac);
    while (masks[i] != 0 && macs[i] != mac) {
      i = i + 1 & slots - 1;
    }
    macs[i] = mac;
    masks[i] |= mask;
  }

  private int slot(long mac) {
    return (int) (mac * 0x9E37_79B9_7F4A_7C15L >>> 40) & slots - 1;
  }
}
