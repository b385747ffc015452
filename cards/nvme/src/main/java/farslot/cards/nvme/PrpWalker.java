package farslot.cards.nvme;

import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** Physical Region Pages (Base 4.1.1). */
final class PrpWalker implements Walker {
  private static final int ENTRY_BYTES = 8;

  private int pageBytes;
  private int left;
  private long listAddress;
  private int entries;
  private boolean chained;

  /**
   * Begins.
   *
   * @param bytes of the transfer, at least 1
   * @param pageBytes as CC.MPS says
   */
  int begin(long prp1, long prp2, int bytes, int pageBytes, ScatterList out) {
    this.pageBytes = pageBytes;
    // "The Offset shall be dword aligned, indicated by bits 1:0 being cleared" (Base 4.1.1).
    if ((prp1 & 3) != 0) {
      return Status.PRP_OFFSET_INVALID;
    }
    int first = Math.min(bytes, pageBytes - offset(prp1));
    out.add(prp1, first);
    left = bytes - first;
    if (left == 0) {
      return DONE;
    }
    if (left <= pageBytes) {
      return page(prp2, out) ? DONE : Status.PRP_OFFSET_INVALID;
    }
    // A list pointer in the command may have an offset, a qword aligned one.
    return (prp2 & 7) == 0 ? list(prp2) : Status.PRP_OFFSET_INVALID;
  }

  @Override
  public int next(MemorySegment list, ScatterList out) {
    int pages = chained ? entries - 1 : entries;
    for (int i = 0; i < pages; i++) {
      if (!page(LittleEndian.i64(list, (long) i * ENTRY_BYTES), out)) {
        return Status.PRP_OFFSET_INVALID;
      }
    }
    if (!chained) {
      return DONE;
    }
    // Only the first list may begin inside a page; so each further one holds more than it needs
    // to go on, and a list that points to itself ends with the transfer's length.
    long next = LittleEndian.i64(list, (long) pages * ENTRY_BYTES);
    return offset(next) == 0 ? list(next) : Status.PRP_OFFSET_INVALID;
  }

  private int list(long address) {
    int needed = (left + pageBytes - 1) / pageBytes;
    int fitting = (pageBytes - offset(address)) / ENTRY_BYTES;
    // "The last entry within a memory page ... is a PRP List pointer if more data is to be
    // transferred" (Base 4.1.1).
    chained = needed > fitting;
    entries = Math.min(needed, fitting);
    listAddress = address;
    return NEED_LIST;
  }

  private boolean page(long address, ScatterList out) {
    if (offset(address) != 0) {
      return false;
    }
    int bytes = Math.min(left, pageBytes);
    left -= bytes;
    return out.add(address, bytes);
  }

  private int offset(long address) {
    return (int) address & pageBytes - 1;
  }

  @Override
  public long listAddress() {
    return listAddress;
  }

  @Override
  public int listBytes() {
    return entries * ENTRY_BYTES;
  }
}
