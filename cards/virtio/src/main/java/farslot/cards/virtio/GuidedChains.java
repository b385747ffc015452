package farslot.cards.virtio;

import farslot.cards.virtio.spec.Ring;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sends along what a notification makes a device read: the available ring's index and its new
 * entries, their descriptors or tables, and the buffers that the device may read.
 *
 * <p>All of it as not steady. A device learns of new entries from memory, not from the notification
 * alone: it may be ahead of us, have read a chain by itself, used it and given it back before we
 * send it along. Then the driver makes something else of the same memory, and of what was sent
 * nothing may be left. It is not: what is not steady does not outlive the used ring's next write
 * nor the next answer that the device gets from memory itself. The same saves notifications that
 * are suppressed: the index that a device reads again after it has asked for them anew is the one
 * that is there then.
 *
 * <p>The price is that a device which always has something to say makes little of what it is sent.
 * So nothing is sent while it has more than {@link GuideLimits#UNDER_WAY_MAX} requests of before:
 * it reads by itself then, many at a time.
 */
final class GuidedChains {
  private static final boolean STEADY = true;
  private static final int INDEX_MASK = 0xFFFF;

  private final GuidePort port;
  private final MemorySegment index = Arena.ofAuto().allocate(Ring.AVAIL_RING, 8);
  private final MemorySegment ring =
      Arena.ofAuto().allocate((long) GuideLimits.CHAINS_MAX * Ring.AVAIL_ENTRY_BYTES, 8);
  private final MemorySegment descriptor = Arena.ofAuto().allocate(Ring.DESC_BYTES, 8);
  private final MemorySegment table = Arena.ofAuto().allocate(GuideLimits.TABLE_BYTES_MAX, 8);

  /** Ring entries, descriptors and tables; and buffers, which go last. */
  private final GuidedRanges structures = new GuidedRanges(GuideLimits.RANGES_MAX);

  private final GuidedRanges buffers = new GuidedRanges(GuideLimits.RANGES_MAX);

  private GuidedQueue queue;
  private boolean indirect;

  /** Something was left to the device, and nothing of before is there any more, perhaps. */
  private boolean left;

  GuidedChains(GuidePort port) {
    this.port = port;
  }

  /** Sends along what is new in a queue. */
  void push(GuidedQueue of, boolean mayBeIndirect) {
    queue = of;
    indirect = mayBeIndirect;
    left = false;
    structures.clear();
    buffers.clear();
    if (busy()) {
      queue.seen = index(queue.availableRing, Ring.AVAIL_IDX) & INDEX_MASK;
      port.leaveAll();
      return;
    }
    // Sent before it is looked at: so the device learns of no entry that has not been seen to here.
    pushIndex();
    int available = index(queue.availableRing, Ring.AVAIL_IDX);
    int from = queue.seen;
    int count = available - from & INDEX_MASK;
    queue.seen = available & INDEX_MASK;
    if (available < 0 || count > queue.size || !collect(from, count)) {
      port.leaveAll(); // Broken, or more than is worth it. The next ones are new again.
      return;
    }
    if (left) {
      pushIndex();
    }
    structures.push(port, !STEADY);
    buffers.push(port, !STEADY);
  }

  /**
   * Whether the device has still to do what it was told before, or its rings are so broken, that it
   * is left to itself. What it says of those requests would void what is sent now.
   */
  private boolean busy() {
    int available = index(queue.availableRing, Ring.AVAIL_IDX);
    int used = index(queue.usedRing, Ring.USED_IDX);
    int underWay = queue.seen - used & INDEX_MASK;
    return available < 0 || used < 0 || underWay > GuideLimits.UNDER_WAY_MAX;
  }

  private void pushIndex() {
    port.push(queue.availableRing, Ring.AVAIL_RING, !STEADY);
  }

  /** A ring's index, or -1 when there is no memory. */
  private int index(long address, int at) {
    boolean there = port.read(address, index, 0, Ring.AVAIL_RING);
    return there ? LittleEndian.u16(index, at) : -1;
  }

  /** Follows the chains of new entries; false when there is something that is not understood. */
  private boolean collect(int from, int count) {
    int done = 0;
    while (done < count) {
      int slot = from + done & queue.size - 1;
      int run = Math.min(count - done, queue.size - slot);
      long address = queue.availableRing + Ring.AVAIL_RING + (long) slot * Ring.AVAIL_ENTRY_BYTES;
      int bytes = run * Ring.AVAIL_ENTRY_BYTES;
      if (run > GuideLimits.CHAINS_MAX
          || !port.read(address, ring, 0, bytes)
          || !structures.add(address, bytes)) {
        return false;
      }
      for (int i = 0; i < run; i++) {
        if (!chain(LittleEndian.u16(ring, (long) i * Ring.AVAIL_ENTRY_BYTES))) {
          return false;
        }
      }
      done += run;
    }
    return true;
  }

  private boolean chain(int head) {
    int next = head;
    for (int i = 0; i < GuideLimits.DESCRIPTORS_MAX; i++) {
      long address = queue.descriptors + (long) next * Ring.DESC_BYTES;
      if (next >= queue.size
          || !port.read(address, descriptor, 0, Ring.DESC_BYTES)
          || !structures.add(address, Ring.DESC_BYTES)) {
        return false;
      }
      int flags = LittleEndian.u16(descriptor, Ring.DESC_FLAGS);
      if ((flags & Ring.F_INDIRECT) != 0) {
        return table();
      }
      if (!buffer(descriptor, 0, flags)) {
        return false;
      }
      if ((flags & Ring.F_NEXT) == 0) {
        return true;
      }
      next = LittleEndian.u16(descriptor, Ring.DESC_NEXT);
    }
    return false;
  }

  /** A table is read as a whole, and what it leads to is in it. */
  private boolean table() {
    long address = LittleEndian.i64(descriptor, Ring.DESC_ADDR);
    long bytes = LittleEndian.u32(descriptor, Ring.DESC_LEN);
    boolean whole = bytes > 0 && bytes % Ring.DESC_BYTES == 0;
    if (!indirect
        || !whole
        || bytes > GuideLimits.TABLE_BYTES_MAX
        || !port.read(address, table, 0, (int) bytes)
        || !structures.add(address, (int) bytes)) {
      return false;
    }
    int entries = (int) (bytes / Ring.DESC_BYTES);
    int next = 0;
    for (int i = 0; i < entries && next < entries; i++) {
      long at = (long) next * Ring.DESC_BYTES;
      int flags = LittleEndian.u16(table, at + Ring.DESC_FLAGS);
      if (!buffer(table, at, flags)) {
        return false;
      }
      if ((flags & Ring.F_NEXT) == 0) {
        return true;
      }
      next = LittleEndian.u16(table, at + Ring.DESC_NEXT);
    }
    return false;
  }

  /** Notes a buffer that the device may read; those that it writes are its own. */
  private boolean buffer(MemorySegment from, long at, int flags) {
    long address = LittleEndian.i64(from, at + Ring.DESC_ADDR);
    long bytes = LittleEndian.u32(from, at + Ring.DESC_LEN);
    if ((flags & Ring.F_WRITE) != 0 || bytes == 0) {
      return true;
    }
    if (bytes > GuideLimits.BUFFER_BYTES_MAX) {
      left = true;
      port.leave(address, (int) Math.min(bytes, Integer.MAX_VALUE));
      return true;
    }
    return buffers.add(address, (int) bytes);
  }
}
