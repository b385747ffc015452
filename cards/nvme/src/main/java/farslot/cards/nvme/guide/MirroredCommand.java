package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Sqe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A command on its way through a mirror: from its doorbell to its completion. Pooled. */
final class MirroredCommand {
  /** Pieces of data that one command has at most: a page each, and one for the beginning. */
  static final int RANGES_MAX = 1 + GuideLimits.WALKED_BYTES_MAX / 4096;

  private static final int LISTS_MAX = 16;

  /**
   * As it was fetched: the server may write its queue meanwhile, and the device reads the mirror.
   */
  final MemorySegment sqe = Arena.ofAuto().allocate(Sqe.BYTES, 8);

  /** Its place among all, for cookies. */
  final int index;

  int queue;
  int cid;
  int opcode;

  /** Where the device finds it. */
  long address;

  boolean toController;
  boolean failed;

  /** Fetches under way. */
  int due;

  MirroredDoorbell doorbell;
  MirroredCommand next;
  private long[] addresses = new long[4];
  private int[] lengths = new int[4];
  private int ranges;
  private final long[] listAddresses = new long[LISTS_MAX];
  private final int[] listBytes = new int[LISTS_MAX];
  private int lists;

  MirroredCommand(int index) {
    this.index = index;
  }

  void begin(int newQueue, long newAddress, MirroredDoorbell rung) {
    queue = newQueue;
    address = newAddress;
    doorbell = rung;
    failed = false;
    due = 0;
    ranges = 0;
    lists = 0;
    next = null;
  }

  void forgetRanges() {
    ranges = 0;
  }

  /** False when there are too many. */
  boolean addRange(long at, int bytes) {
    if (ranges == RANGES_MAX) {
      return false;
    }
    if (ranges == addresses.length) {
      addresses = java.util.Arrays.copyOf(addresses, 2 * ranges);
      lengths = java.util.Arrays.copyOf(lengths, 2 * ranges);
    }
    addresses[ranges] = at;
    lengths[ranges++] = bytes;
    return true;
  }

  int ranges() {
    return ranges;
  }

  long rangeAddress(int i) {
    return addresses[i];
  }

  int rangeBytes(int i) {
    return lengths[i];
  }

  /** Remembers a piece of list that is being fetched; false when there have been too many. */
  boolean addList(long at, int bytes) {
    if (lists == LISTS_MAX) {
      return false;
    }
    listAddresses[lists] = at;
    listBytes[lists++] = bytes;
    return true;
  }

  /** Whether a piece of list has been fetched for this command. */
  boolean hasList(long at, int bytes) {
    for (int i = 0; i < lists; i++) {
      if (at >= listAddresses[i] && at + bytes <= listAddresses[i] + listBytes[i]) {
        return true;
      }
    }
    return false;
  }
}
