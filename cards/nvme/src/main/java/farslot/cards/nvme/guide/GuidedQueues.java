package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Sqe;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The submission queues that the server has, as far as its commands tell. */
final class GuidedQueues {
  private static final int PHYSICALLY_CONTIGUOUS = 1;

  private static final int NONE = 0;

  /** There may be one of two, and nobody here knows which. */
  private static final int AMBIGUOUS = -1;

  private long[] bases = new long[4];
  private int[] sizes = new int[4];
  private int[] tails = new int[4];

  void clear() {
    Arrays.fill(sizes, NONE);
  }

  boolean known(int id) {
    return id < sizes.length && sizes[id] > NONE;
  }

  long base(int id) {
    return bases[id];
  }

  /** Entries, at least 2. */
  int size(int id) {
    return sizes[id];
  }

  int tail(int id) {
    return tails[id];
  }

  void tail(int id, int to) {
    tails[id] = to;
  }

  void open(int id, long base, int entries) {
    if (id >= sizes.length) {
      int count = Math.max(id + 1, 2 * sizes.length);
      bases = Arrays.copyOf(bases, count);
      sizes = Arrays.copyOf(sizes, count);
      tails = Arrays.copyOf(tails, count);
    }
    bases[id] = base;
    sizes[id] = entries;
    tails[id] = 0;
  }

  void forget(int id) {
    if (id < sizes.length) {
      sizes[id] = NONE;
    }
  }

  /**
   * Create I/O Submission Queue (Base 5.5) is on its way. The controller refuses an identifier that
   * is in use, and then the old queue is still there: nobody knows which until it is deleted.
   *
   * @param entryBytes as CC.IOSQES says
   * @return false when the controller will read more for it than is known here
   */
  boolean create(MemorySegment sqe, long at, int entryBytes) {
    int cdw10 = LittleEndian.i32(sqe, at + Sqe.CDW10);
    int id = cdw10 & 0xFFFF;
    int entries = (cdw10 >>> 16) + 1;
    boolean contiguous =
        (LittleEndian.i32(sqe, at + Sqe.CDW11) & PHYSICALLY_CONTIGUOUS) == PHYSICALLY_CONTIGUOUS;
    if (id == 0) {
      return true; // The controller refuses it.
    }
    if (id < sizes.length && sizes[id] != NONE) {
      sizes[id] = AMBIGUOUS;
    } else if (contiguous
        && id <= GuideLimits.QUEUE_ID_MAX
        && entries >= 2
        && entryBytes == Sqe.BYTES) {
      open(id, LittleEndian.i64(sqe, at + Sqe.PRP1), entries);
    }
    return contiguous;
  }
}
