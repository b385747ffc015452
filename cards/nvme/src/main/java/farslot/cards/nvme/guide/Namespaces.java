package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Cns;
import farslot.cards.nvme.spec.Cqe;
import farslot.cards.nvme.spec.IdentifyNamespace;
import farslot.cards.nvme.spec.Sqe;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * How large the blocks of each namespace are. Commands count in blocks and only the controller says
 * what one is: so its answers to Identify are watched on their way to the server, each until its
 * completion entry says that it is good.
 */
final class Namespaces {
  /** All that is wanted of the data structure: it ends with the 64 LBA formats. */
  private static final int WATCHED_BYTES =
      IdentifyNamespace.LBAF0 + 64 * IdentifyNamespace.LBAF_BYTES;

  private static final int FORMAT_LOW_MASK = 0xF;
  private static final int FORMAT_HIGH_SHIFT = 1;
  private static final int FORMAT_HIGH_MASK = 0x30;
  private static final int SHIFT_MIN = 9;
  private static final int SHIFT_MAX = 16;
  private static final int PAGE_BYTES = 4096;

  /** One Identify that is under way. */
  private static final class Pending {
    private final MemorySegment data = Arena.ofAuto().allocate(WATCHED_BYTES, 8);
    private int cid;
    private int nsid;
    private long address;
    private int received;
  }

  private final GuidePort port;

  /** log2 of the block size by namespace identifier, 0 where it is not known. */
  private byte[] shifts = new byte[16];

  private final Pending[] pending = new Pending[GuideLimits.IDENTIFIES_MAX];
  private int count;
  private long completions;
  private long completionBytes;

  Namespaces(GuidePort port) {
    this.port = port;
  }

  /** The controller begins anew: its admin completion queue is here. */
  void begin(long acq, int entries) {
    forget();
    drop();
    completions = acq;
    completionBytes = (long) entries * Cqe.BYTES;
  }

  /** Formats may have changed. */
  void forget() {
    Arrays.fill(shifts, (byte) 0);
    for (int i = 0; i < count; i++) {
      pending[i].nsid = 0;
    }
  }

  private void drop() {
    count = 0;
    port.watch(false);
  }

  /** log2 of a block's bytes, or 0. */
  int shift(int nsid) {
    return nsid > 0 && nsid < shifts.length ? shifts[nsid] : 0;
  }

  private void shift(int nsid, int to) {
    if (nsid > 0 && nsid <= GuideLimits.NAMESPACE_ID_MAX) {
      if (nsid >= shifts.length) {
        shifts = Arrays.copyOf(shifts, Math.max(nsid + 1, 2 * shifts.length));
      }
      shifts[nsid] = (byte) to;
    }
  }

  /** An Identify command is on its way to the controller. */
  void identify(MemorySegment sqe, long at) {
    int nsid = LittleEndian.i32(sqe, at + Sqe.NSID);
    long address = LittleEndian.i64(sqe, at + Sqe.PRP1);
    boolean plain = LittleEndian.u8(sqe, at + Sqe.FLAGS) >> Sqe.PSDT_SHIFT == Sqe.PSDT_PRP;
    boolean inPage = (address & PAGE_BYTES - 1) + WATCHED_BYTES <= PAGE_BYTES;
    int cns = LittleEndian.u8(sqe, at + Sqe.CDW10);
    if (cns != Cns.NAMESPACE || !plain || !inPage) {
      return;
    }
    if (count == pending.length) {
      shift(nsid, 0); // Its answer will not be seen.
      return;
    }
    if (pending[count] == null) {
      pending[count] = new Pending();
    }
    Pending next = pending[count++];
    next.cid = LittleEndian.u16(sqe, at + Sqe.CID);
    next.nsid = nsid;
    next.address = address;
    next.received = 0;
    port.watch(true);
  }

  /** The controller writes: data of an Identify, a completion entry, or something else. */
  void onCardWrite(long address, MemorySegment from, long at, int bytes) {
    long into = address - completions;
    if (into >= 0 && into < completionBytes) {
      for (int done = 0; done + Cqe.BYTES <= bytes; done += Cqe.BYTES) {
        completed(
            LittleEndian.u16(from, at + done + Cqe.CID),
            LittleEndian.u16(from, at + done + Cqe.STATUS) >> 1);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      receive(pending[i], address, from, at, bytes);
    }
  }

  private static void receive(Pending to, long address, MemorySegment from, long at, int bytes) {
    long into = address - to.address;
    if (into == to.received && into < WATCHED_BYTES) {
      int taken = (int) Math.min(bytes, WATCHED_BYTES - into);
      MemorySegment.copy(from, at, to.data, into, taken);
      to.received += taken;
    }
  }

  private void completed(int cid, int status) {
    for (int i = 0; i < count; i++) {
      Pending one = pending[i];
      if (one.cid == cid) {
        if (status == 0 && one.received == WATCHED_BYTES) {
          shift(one.nsid, shiftOf(one.data));
        }
        pending[i] = pending[--count];
        pending[count] = one;
        if (count == 0) {
          drop();
        }
        return;
      }
    }
  }

  /** 0 for formats with metadata, too: what they move is not counted in blocks alone. */
  private static int shiftOf(MemorySegment data) {
    int flbas = LittleEndian.u8(data, IdentifyNamespace.FLBAS);
    int format = flbas & FORMAT_LOW_MASK | flbas >> FORMAT_HIGH_SHIFT & FORMAT_HIGH_MASK;
    long at = IdentifyNamespace.LBAF0 + (long) format * IdentifyNamespace.LBAF_BYTES;
    int shift = LittleEndian.u8(data, at + IdentifyNamespace.LBAF_LBADS);
    boolean usual = LittleEndian.u16(data, at) == 0 && shift >= SHIFT_MIN && shift <= SHIFT_MAX;
    return usual ? shift : 0;
  }
}
