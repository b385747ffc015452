package farslot.cards.virtio;

import farslot.cards.virtio.spec.CommonCfg;
import farslot.cards.virtio.spec.Ring;
import farslot.function.Dma;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A split virtqueue (2.7), the device's side: after each notification it reads the available ring's
 * index, then the new entries, and makes a request of each; what has ended goes into the used ring,
 * several at a time where several have ended.
 *
 * <p>Notifications and interrupts are not suppressed, in either way that the specification has: to
 * switch them back on safely costs a read of the server's memory, which is a round trip here, and
 * each notification is what a guide sends the request along with.
 */
final class Virtqueue implements Dma.Done {
  private static final int INDEX = 0;
  private static final int ENTRIES = 1;
  private static final int KIND_BITS = 1;
  private static final int INDEX_MASK = 0xFFFF;

  private final VirtioDevice device;
  private final int sizeMax;
  private final MemorySegment index = Arena.ofAuto().allocate(4, 4);
  private final MemorySegment usedIdx = Arena.ofAuto().allocate(2, 2);

  /** Ring entries that are being read; allocated when the queue is first enabled. */
  private MemorySegment entries;

  /** Used ring entries that have not been written yet. */
  private MemorySegment used;

  // Registers (4.1.4.3).
  private int size;
  private int vector;
  private boolean enabled;
  private long descriptors;
  private long availableRing;
  private long usedRing;

  private boolean notified;

  /** A read of the index or of entries is under way. */
  private boolean reading;

  private boolean readingEntries;

  private int count;
  private int generation;

  // Free-running, modulo 65536.
  private int available;
  private int fetched;
  private int usedIndex;
  private int usedWritten;

  /** For the device: whether it is queued there for a context, or for writing the used ring. */
  boolean starved;

  boolean dirty;

  Virtqueue(VirtioDevice device, int sizeMax) {
    this.device = device;
    this.sizeMax = sizeMax;
    reset(true);
  }

  // ---- registers

  int size() {
    return size;
  }

  /** Software may make it smaller, before it is enabled. */
  void size(int value) {
    size = enabled ? size : value;
  }

  int vector() {
    return vector;
  }

  void vector(int value) {
    vector = value;
  }

  boolean enabled() {
    return enabled;
  }

  /** What it cannot work with it does not enable, and says so. */
  boolean enable() {
    boolean valid = size > 0 && size <= sizeMax && Integer.bitCount(size) == 1;
    if (valid && !enabled) {
      enabled = true;
      entries = entries == null ? allocate(Ring.AVAIL_ENTRY_BYTES) : entries;
      used = used == null ? allocate(Ring.USED_ENTRY_BYTES) : used;
    }
    return valid;
  }

  private MemorySegment allocate(int entryBytes) {
    return Arena.ofAuto().allocate((long) sizeMax * entryBytes, 8);
  }

  /** An address register: descriptors, available ring, used ring. */
  long address(int register) {
    return switch (register) {
      case CommonCfg.QUEUE_DESC -> descriptors;
      case CommonCfg.QUEUE_DRIVER -> availableRing;
      default -> usedRing;
    };
  }

  void address(int register, long value) {
    if (enabled) {
      return;
    }
    switch (register) {
      case CommonCfg.QUEUE_DESC -> descriptors = value;
      case CommonCfg.QUEUE_DRIVER -> availableRing = value;
      default -> usedRing = value;
    }
  }

  long descriptorAddress(int i) {
    return descriptors + (long) i * Ring.DESC_BYTES;
  }

  // ---- the available ring

  /** The driver says that there is something new. */
  void notifyAvailable() {
    notified = true;
    look();
  }

  /** Whether a read of it is under way that must end before it can begin anew. */
  boolean reading() {
    return reading;
  }

  /** Goes on: entries that it knows of first, then the index again if it was notified meanwhile. */
  void look() {
    if (reading || starved || !enabled || device.paused() || !device.running()) {
      return;
    }
    if (fetched != available) {
      readEntries();
    } else if (notified) {
      notified = false;
      read(availableRing, index, 4, INDEX);
    }
  }

  private void readEntries() {
    int slot = fetched & size - 1;
    count = Math.min(distance(fetched, available), size - slot);
    count = Math.min(count, device.pool().available());
    if (count == 0) {
      device.starve(this);
      return;
    }
    device.pool().reserve(count);
    long address = availableRing + Ring.AVAIL_RING + (long) slot * Ring.AVAIL_ENTRY_BYTES;
    read(address, entries, count * Ring.AVAIL_ENTRY_BYTES, ENTRIES);
  }

  private void read(long address, MemorySegment to, int bytes, int kind) {
    reading = true;
    readingEntries = kind == ENTRIES;
    device.dma().read(address, to, 0, bytes, this, (long) generation << KIND_BITS | kind);
  }

  @Override
  public void done(long cookie, CompletionStatus result) {
    if ((int) (cookie >>> KIND_BITS) != generation) {
      return; // abandoned by a reset
    }
    reading = false;
    boolean entriesCame = (cookie & ENTRIES) != 0;
    if (!device.running()) {
      device.pool().unreserve(entriesCame ? count : 0);
      device.rest();
    } else if (result != CompletionStatus.SC) {
      device.pool().unreserve(entriesCame ? count : 0);
      device.needsReset();
    } else if (entriesCame) {
      takeEntries();
    } else {
      takeIndex();
    }
    look();
    device.settle();
  }

  /** More cannot be available than there are places for. */
  private void takeIndex() {
    int now = LittleEndian.u16(index, Ring.AVAIL_IDX);
    if (distance(usedIndex, now) > size || distance(fetched, now) > size) {
      device.needsReset();
    } else {
      available = now;
    }
  }

  private void takeEntries() {
    int came = count;
    for (int i = 0; i < came; i++) {
      int head = LittleEndian.u16(entries, (long) i * Ring.AVAIL_ENTRY_BYTES);
      fetched = fetched + 1 & INDEX_MASK;
      if (head >= size || !device.running()) {
        device.pool().unreserve(came - i);
        device.needsReset();
        return;
      }
      device.pool().take().begin(this, head);
    }
  }

  private static int distance(int from, int to) {
    return to - from & INDEX_MASK;
  }

  // ---- the used ring

  /** Requests whose buffers the driver has not got back. */
  int outstanding() {
    return distance(usedIndex, fetched);
  }

  /**
   * The device is done with a chain.
   *
   * @param head its first descriptor
   * @param bytes written from the beginning of what may be written on
   */
  void complete(int head, long bytes) {
    long at = (long) (usedIndex & size - 1) * Ring.USED_ENTRY_BYTES;
    LittleEndian.i32(used, at + Ring.USED_ID, head);
    LittleEndian.i32(used, at + Ring.USED_LEN, (int) bytes);
    usedIndex = usedIndex + 1 & INDEX_MASK;
    device.used(this);
  }

  /** Writes what has been used: entries, then the index, then the interrupt (2.7.8.2). */
  void writeUsed() {
    int left = distance(usedWritten, usedIndex);
    if (left == 0) {
      return;
    }
    while (left > 0) {
      int slot = usedWritten & size - 1;
      int run = Math.min(left, size - slot);
      long at = (long) slot * Ring.USED_ENTRY_BYTES;
      device.dma().write(usedRing + Ring.USED_RING + at, used, at, run * Ring.USED_ENTRY_BYTES);
      usedWritten = usedWritten + run & INDEX_MASK;
      left -= run;
    }
    LittleEndian.u16(usedIdx, 0, usedIndex);
    device.dma().write(usedRing + Ring.USED_IDX, usedIdx, 0, 2);
    device.interrupts().queue(vector);
  }

  // ---- state

  /** A queue of which nothing is under way: what it has taken, it has returned. */
  void save(StateWriter state) {
    state.u16(size).u16(vector).flag(enabled).flag(notified);
    state.i64(descriptors).i64(availableRing).i64(usedRing);
    state.u16(available).u16(fetched);
  }

  /** After a reset. */
  void restore(StateReader state, InterruptUnit interrupts) throws StateException {
    int entries = state.u16();
    int toVector = state.u16();
    boolean on = state.flag();
    boolean news = state.flag();
    state.require(interrupts.accept(toVector) == toVector, "there is no vector " + toVector);
    size = entries;
    vector = toVector;
    state.require(!on || enable(), "a queue of " + entries + " entries");
    descriptors = state.i64();
    availableRing = state.i64();
    usedRing = state.i64();
    available = state.u16();
    fetched = state.u16();
    usedIndex = fetched;
    usedWritten = fetched;
    notified = news;
    state.require(distance(fetched, available) <= (on ? size : 0), "more than there is room for");
  }

  // ---- life

  /**
   * As after power-on.
   *
   * @param dmaAbandoned the read that is under way will not be answered any more
   */
  void reset(boolean dmaAbandoned) {
    size = sizeMax;
    vector = CommonCfg.NO_VECTOR;
    enabled = false;
    descriptors = 0;
    availableRing = 0;
    usedRing = 0;
    stop();
    if (dmaAbandoned && reading) {
      reading = false;
      generation++;
      device.pool().unreserve(readingEntries ? count : 0);
    }
  }

  /** Nothing more is taken or returned. */
  void stop() {
    notified = false;
    available = 0;
    fetched = 0;
    usedIndex = 0;
    usedWritten = 0;
    starved = false;
    dirty = false;
  }
}
