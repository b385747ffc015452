package farslot.cards.nic82599.bridge;

import java.util.Arrays;

/**
 * Where addresses were heard last that are not where the ports' settings say. A table of fixed size
 * in sets of some places: what does not fit replaces the oldest of its set, what was not heard for
 * long is forgotten.
 */
final class Learned {
  /** Nobody knows. */
  static final int NOWHERE = -1;

  /** An address is remembered for so long: IEEE 802.1Q, 8.8.3 (ageing time). */
  static final long AGE_NS = 300_000_000_000L;

  static final int SETS = 512;
  static final int PLACES = 8;

  /** VLAN and address in one; -1 where there is nothing. */
  private final long[] keys = new long[SETS * PLACES];

  private final byte[] ports = new byte[SETS * PLACES];
  private final long[] heardNs = new long[SETS * PLACES];

  Learned() {
    Arrays.fill(keys, -1);
  }

  /** Heard at a port; an entry elsewhere moves there. */
  void put(int vlan, long mac, int port, long nowNs) {
    long key = key(vlan, mac);
    int set = set(key);
    int best = set;
    for (int i = set; i < set + PLACES; i++) {
      if (keys[i] == key) {
        best = i;
        break;
      }
      if (keys[best] != -1 && (keys[i] == -1 || heardNs[i] - heardNs[best] < 0)) {
        best = i;
      }
    }
    keys[best] = key;
    ports[best] = (byte) port;
    heardNs[best] = nowNs;
  }

  /** The port where it was heard, or {@link #NOWHERE}. */
  int find(int vlan, long mac, long nowNs) {
    int i = place(key(vlan, mac));
    if (i < 0) {
      return NOWHERE;
    }
    if (nowNs - heardNs[i] > AGE_NS) {
      keys[i] = -1;
      return NOWHERE;
    }
    return ports[i];
  }

  void forget(int vlan, long mac) {
    int i = place(key(vlan, mac));
    if (i >= 0) {
      keys[i] = -1;
    }
  }

  /** All that was heard at a port. */
  void forgetPort(int port) {
    for (int i = 0; i < keys.length; i++) {
      if (ports[i] == port) {
        keys[i] = -1;
      }
    }
  }

  private int place(long key) {
    int set = set(key);
    for (int i = set; i < set + PLACES; i++) {
      if (keys[i] == key) {
        return i;
      }
    }
    return -1;
  }

  private static long key(int vlan, long mac) {
    return (long) vlan << 48 | mac;
  }

  private static int set(long key) {
    long mixed = key * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed >>> 32 & SETS - 1) * PLACES;
  }
}
