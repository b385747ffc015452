package farslot.cards.virtio;

import farslot.function.GuidePort;

/** Memory that is to be sent along, in the order in which the device will want it. */
final class GuidedRanges {
  private final long[] addresses;
  private final int[] lengths;
  private int count;

  GuidedRanges(int max) {
    addresses = new long[max];
    lengths = new int[max];
  }

  void clear() {
    count = 0;
  }

  /** Adds a range, or lengthens the last one; false when there is no more room. */
  boolean add(long address, int bytes) {
    if (count > 0 && addresses[count - 1] + lengths[count - 1] == address) {
      lengths[count - 1] += bytes;
      return true;
    }
    if (count == addresses.length) {
      return false;
    }
    addresses[count] = address;
    lengths[count++] = bytes;
    return true;
  }

  void push(GuidePort port, boolean steady) {
    for (int i = 0; i < count; i++) {
      port.push(addresses[i], lengths[i], steady);
    }
  }
}
