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
 */
final class GuidedChains {
  private static final boolean STEADY = true;
  private static final int INDEX_MASK = 0xFFFF;

  private final GuidePort port;
  private final MemorySegment header = Arena.ofAuto().allocate(Ring.AVAIL_RING, 8);
  private final MemorySegment ring =
      Arena.ofAuto().allocate((long) GuideLimits.CHAINS_MAX * Ring.AVAIL_ENTRY_BYTES, 8);
  private final MemorySegment descriptor = Arena.ofAuto().allocate(Ring.DESC_BYTES, 8);
  private final MemorySegment table = Arena.ofAuto().allocate(GuideLimits.TABLE_BYTES_MAX, 8);

  /** Buffers that the device may read: they go last, for the rest is needed to come to them. */
  private final long[] addresses = new long[GuideLimits.BUFFERS_MAX];

  private final int[] lengths = new int[GuideLimits.BUFFERS_MAX];
  private int buffers;

  // Descriptors of the queue's own table that follow one another are pushed together.
  private long runAddress;
  private int runBytes;

  private GuidedQueue queue;
  private boolean indirect;

  GuidedChains(GuidePort port) {
    this.port = port;
  }

  /** Sends along what is new in a queue. */
  void push(GuidedQueue of, boolean mayBeIndirect) {
    queue = of;
    indirect = mayBeIndirect;
    buffers = 0;
    // Sent before it is looked at: so the device learns of no entry that has not been seen to here.
    port.push(queue.availableRing, Ring.AVAIL_RING, !STEADY);
    if (!port.read(queue.availableRing, header, 0, Ring.AVAIL_RING)) {
      port.leaveAll();
      return;
    }
    int index = LittleEndian.u16(header, Ring.AVAIL_IDX);
    int count = index - queue.seen & INDEX_MASK;
    if (count > Math.min(queue.size, GuideLimits.CHAINS_MAX)) {
      port.leaveAll(); // Broken, or more at a time than is worth it. The next ones are new again.
    } else {
      entries(queue.seen, count);
      pushBuffers();
    }
    queue.seen = index;
  }

  private void entries(int from, int count) {
    int done = 0;
    while (done < count) {
      int slot = from + done & queue.size - 1;
      int run = Math.min(count - done, queue.size - slot);
      long address = queue.availableRing + Ring.AVAIL_RING + (long) slot * Ring.AVAIL_ENTRY_BYTES;
      int bytes = run * Ring.AVAIL_ENTRY_BYTES;
      if (!port.read(address, ring, 0, bytes)) {
        port.leaveAll();
        return;
      }
      port.push(address, bytes, !STEADY);
      for (int i = 0; i < run; i++) {
        chain(LittleEndian.u16(ring, (long) i * Ring.AVAIL_ENTRY_BYTES));
      }
      done += run;
    }
  }

  private void chain(int head) {
    int index = head;
    for (int i = 0; i < GuideLimits.DESCRIPTORS_MAX; i++) {
      long address = queue.descriptors + (long) index * Ring.DESC_BYTES;
      if (index >= queue.size || !port.read(address, descriptor, 0, Ring.DESC_BYTES)) {
        break; // Broken: there is nothing that the device will read.
      }
      pushDescriptor(address);
      int flags = LittleEndian.u16(descriptor, Ring.DESC_FLAGS);
      if ((flags & Ring.F_INDIRECT) != 0) {
        flushRun();
        table();
        return;
      }
      buffer(descriptor, 0, flags);
      if ((flags & Ring.F_NEXT) == 0) {
        flushRun();
        return;
      }
      index = LittleEndian.u16(descriptor, Ring.DESC_NEXT);
    }
    flushRun();
    port.leaveAll();
  }

  private void pushDescriptor(long address) {
    if (runBytes > 0 && runAddress + runBytes == address) {
      runBytes += Ring.DESC_BYTES;
    } else {
      flushRun();
      runAddress = address;
      runBytes = Ring.DESC_BYTES;
    }
  }

  private void flushRun() {
    if (runBytes > 0) {
      port.push(runAddress, runBytes, !STEADY);
      runBytes = 0;
    }
  }

  /** A table is read as a whole, and what it leads to is in it. */
  private void table() {
    long address = LittleEndian.i64(descriptor, Ring.DESC_ADDR);
    long bytes = LittleEndian.u32(descriptor, Ring.DESC_LEN);
    boolean whole = bytes > 0 && bytes % Ring.DESC_BYTES == 0;
    if (!indirect
        || !whole
        || bytes > GuideLimits.TABLE_BYTES_MAX
        || !port.read(address, table, 0, (int) bytes)) {
      port.leaveAll();
      return;
    }
    port.push(address, (int) bytes, !STEADY);
    int entries = (int) (bytes / Ring.DESC_BYTES);
    int index = 0;
    for (int i = 0; i < entries && index < entries; i++) {
      long at = (long) index * Ring.DESC_BYTES;
      int flags = LittleEndian.u16(table, at + Ring.DESC_FLAGS);
      buffer(table, at, flags);
      if ((flags & Ring.F_NEXT) == 0) {
        return;
      }
      index = LittleEndian.u16(table, at + Ring.DESC_NEXT);
    }
  }

  /** Notes a buffer that the device may read; those that it writes are its own. */
  private void buffer(MemorySegment from, long at, int flags) {
    if ((flags & Ring.F_WRITE) != 0) {
      return;
    }
    long address = LittleEndian.i64(from, at + Ring.DESC_ADDR);
    long bytes = LittleEndian.u32(from, at + Ring.DESC_LEN);
    if (bytes == 0) {
      return;
    }
    if (buffers == GuideLimits.BUFFERS_MAX || bytes > GuideLimits.BUFFER_BYTES_MAX) {
      port.leave(address, (int) Math.min(bytes, Integer.MAX_VALUE));
      return;
    }
    addresses[buffers] = address;
    lengths[buffers++] = (int) bytes;
  }

  private void pushBuffers() {
    for (int i = 0; i < buffers; i++) {
      port.push(addresses[i], lengths[i], !STEADY);
    }
  }
}
