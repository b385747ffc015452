package farslot.cards.virtio;

import farslot.cards.virtio.spec.Ring;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A descriptor chain that is being followed (2.7.5), and what it has named: memory that the device
 * reads, then memory that it writes. Pure: it says which descriptor it wants, and is given it. What
 * the specification forbids ends it: loops among it, for a chain has a longest length.
 */
final class Chain {
  static final int DONE = 0;

  /** Give it descriptor {@link #next} of the queue's table. */
  static final int WANTS_NEXT = 1;

  /** Give it the {@link #tableEntries} descriptors at {@link #tableAddress}. */
  static final int WANTS_TABLE = 2;

  /** The driver has broken the rules. */
  static final int BROKEN = 3;

  private static final int INITIAL = 8;

  private long[] addresses = new long[INITIAL];
  private long[] lengths = new long[INITIAL];
  private int count;

  /** How many of them the device reads; the rest it writes. */
  private int readable;

  private long readBytes;
  private long writeBytes;
  private int queueSize;
  private boolean indirect;
  private int steps;
  private int next;
  private long tableAddress;
  private int tableEntries;

  // Where a transfer is.
  private int at;
  private long into;
  private long pieceAddress;

  /** Begins a chain of a queue with this many descriptors. */
  void begin(int queueSize, boolean indirect) {
    this.queueSize = queueSize;
    this.indirect = indirect;
    count = 0;
    readable = 0;
    readBytes = 0;
    writeBytes = 0;
    steps = 0;
  }

  int next() {
    return next;
  }

  long tableAddress() {
    return tableAddress;
  }

  int tableEntries() {
    return tableEntries;
  }

  /** Takes the descriptor that it wants; says what it wants then. */
  int take(MemorySegment from, long offset) {
    int flags = LittleEndian.u16(from, offset + Ring.DESC_FLAGS);
    if ((flags & Ring.F_INDIRECT) != 0) {
      return table(from, offset, flags);
    }
    if (!add(from, offset, flags)) {
      return BROKEN;
    }
    if ((flags & Ring.F_NEXT) == 0) {
      return DONE;
    }
    next = LittleEndian.u16(from, offset + Ring.DESC_NEXT);
    return next < queueSize && steps < queueSize ? WANTS_NEXT : BROKEN;
  }

  /** 2.7.5.3: a table of its own, never empty, and nothing behind it. */
  private int table(MemorySegment from, long offset, int flags) {
    long bytes = LittleEndian.u32(from, offset + Ring.DESC_LEN);
    tableAddress = LittleEndian.i64(from, offset + Ring.DESC_ADDR);
    tableEntries = (int) (bytes / Ring.DESC_BYTES);
    boolean whole = bytes % Ring.DESC_BYTES == 0 && bytes > 0;
    boolean fits = bytes <= (long) VirtioLimits.CHAIN_MAX * Ring.DESC_BYTES;
    return indirect && (flags & Ring.F_NEXT) == 0 && whole && fits ? WANTS_TABLE : BROKEN;
  }

  /** Takes all of an indirect table. */
  int takeTable(MemorySegment from) {
    int index = 0;
    for (int i = 0; i < tableEntries; i++) {
      long offset = (long) index * Ring.DESC_BYTES;
      int flags = LittleEndian.u16(from, offset + Ring.DESC_FLAGS);
      if ((flags & Ring.F_INDIRECT) != 0 || !add(from, offset, flags)) {
        return BROKEN;
      }
      if ((flags & Ring.F_NEXT) == 0) {
        return DONE;
      }
      index = LittleEndian.u16(from, offset + Ring.DESC_NEXT);
      if (index >= tableEntries) {
        return BROKEN;
      }
    }
    return BROKEN; // It never ends.
  }

  /** 2.7.4.2: what the device writes comes behind what it reads. */
  private boolean add(MemorySegment from, long offset, int flags) {
    boolean write = (flags & Ring.F_WRITE) != 0;
    if (++steps > VirtioLimits.CHAIN_MAX || !write && readable < count) {
      return false;
    }
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    addresses[count] = LittleEndian.i64(from, offset + Ring.DESC_ADDR);
    lengths[count] = LittleEndian.u32(from, offset + Ring.DESC_LEN);
    if (write) {
      writeBytes += lengths[count];
    } else {
      readBytes += lengths[count];
      readable++;
    }
    count++;
    return true;
  }

  /** Bytes that the device may read. */
  long readBytes() {
    return readBytes;
  }

  /** Bytes that the device may write. */
  long writeBytes() {
    return writeBytes;
  }

  /** The next {@link #piece} begins here in what the device reads. */
  void seekRead(long offset) {
    seek(0, offset);
  }

  /** The next {@link #piece} begins here in what the device writes. */
  void seekWrite(long offset) {
    seek(readable, offset);
  }

  private void seek(int from, long offset) {
    at = from;
    into = offset;
    while (into > 0 && into >= lengths[at]) {
      into -= lengths[at++];
    }
  }

  /**
   * Goes on by the rest of a segment, but by no more than asked for; the caller knows how much
   * there is.
   *
   * @return its bytes, at {@link #pieceAddress}
   */
  int piece(int bytesMax) {
    while (into == lengths[at]) {
      at++;
      into = 0;
    }
    int bytes = (int) Math.min(bytesMax, lengths[at] - into);
    pieceAddress = addresses[at] + into;
    into += bytes;
    return bytes;
  }

  long pieceAddress() {
    return pieceAddress;
  }
}
