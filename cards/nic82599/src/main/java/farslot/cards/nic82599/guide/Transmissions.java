package farslot.cards.nic82599.guide;

import static farslot.cards.nic82599.spec.TxDescriptor.*;

import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * New descriptors of a transmit queue and their data. In two rounds: first all is named that is not
 * going to be pushed, because that may revoke what is pushed before it; then the rest is pushed.
 */
final class Transmissions {
  private static final boolean STEADY = true;

  private final GuidePort port;
  private final MemorySegment descriptors =
      Arena.ofAuto().allocate((long) GuideLimits.DESCRIPTORS_MAX * BYTES, BYTES);

  /** Data that is pushed; what lies behind each other is one. */
  private final long[] addresses = new long[GuideLimits.DESCRIPTORS_MAX];

  private final int[] lengths = new int[GuideLimits.DESCRIPTORS_MAX];
  private int ranges;
  private int bytesLeft;

  Transmissions(GuidePort port) {
    this.port = port;
  }

  /**
   * Pushes what lies between a place and the tail.
   *
   * @return false when some of it is not known, and nothing was pushed
   */
  boolean push(GuidedRing ring, int from) {
    if (!ring.holds(from) || !ring.holds(ring.tail())) {
      return false;
    }
    int count = ring.count(from, ring.tail());
    int first = ring.inARow(from, count);
    if (count > GuideLimits.DESCRIPTORS_MAX
        || !read(ring, from, 0, first)
        || !read(ring, 0, first, count - first)) {
      return false;
    }
    decide(count);
    push(ring.address(from), first);
    push(ring.address(0), count - first);
    for (int i = 0; i < ranges; i++) {
      port.push(addresses[i], lengths[i], STEADY);
    }
    return true;
  }

  private boolean read(GuidedRing ring, int from, int to, int count) {
    return count == 0
        || port.read(ring.address(from), descriptors, (long) to * BYTES, count * BYTES);
  }

  private void push(long address, int count) {
    if (count > 0) {
      port.push(address, count * BYTES, STEADY);
    }
  }

  private void decide(int count) {
    ranges = 0;
    bytesLeft = GuideLimits.DATA_BYTES_MAX;
    for (int i = 0; i < count; i++) {
      long at = (long) i * BYTES;
      int command = LittleEndian.i32(descriptors, at + CMD_TYPE_LEN);
      boolean context = (command & (DCMD_DEXT | DTYP_MASK)) == (DCMD_DEXT | DTYP_CONTEXT);
      int bytes = command & DTALEN_MASK;
      if (!context && bytes > 0) {
        data(LittleEndian.i64(descriptors, at + ADDRESS), bytes);
      }
    }
  }

  private void data(long address, int bytes) {
    if (bytes > bytesLeft) {
      port.leave(address, bytes);
      return;
    }
    bytesLeft -= bytes;
    if (ranges > 0 && addresses[ranges - 1] + lengths[ranges - 1] == address) {
      lengths[ranges - 1] += bytes;
    } else {
      addresses[ranges] = address;
      lengths[ranges++] = bytes;
    }
  }
}
