package farslot.cards.virtio;

/** What a guide knows of a queue. */
final class GuidedQueue {
  /** Entries; 0 while the driver has not said it. */
  int size;

  long descriptors;
  long availableRing;
  long usedRing;
  boolean enabled;

  /** The available ring's index up to which everything has been sent along. */
  int seen;

  void reset() {
    size = 0;
    descriptors = 0;
    availableRing = 0;
    usedRing = 0;
    enabled = false;
    seen = 0;
  }

  boolean usable() {
    return enabled && Integer.bitCount(size) == 1;
  }
}
