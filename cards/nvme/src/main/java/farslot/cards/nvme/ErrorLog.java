package farslot.cards.nvme;

import farslot.cards.nvme.spec.LogPage;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The Error Information log (Base 5.16.1.2): the last commands that failed, newest first. */
final class ErrorLog {
  static final int BYTES = NvmeLimits.ERROR_LOG_ENTRIES * LogPage.ERROR_BYTES;

  private final MemorySegment ring = Arena.ofAuto().allocate(BYTES, 8);
  private long count;

  /** Failed commands since power-on. */
  long count() {
    return count;
  }

  /**
   * @param lba first block, or 0 for commands without
   * @param status 15 bits
   */
  void record(int sqid, int cid, int status, long lba, int nsid) {
    long at = count++ % NvmeLimits.ERROR_LOG_ENTRIES * LogPage.ERROR_BYTES;
    LittleEndian.i64(ring, at + LogPage.ERROR_COUNT, count);
    LittleEndian.u16(ring, at + LogPage.ERROR_SQID, sqid);
    LittleEndian.u16(ring, at + LogPage.ERROR_CID, cid);
    LittleEndian.u16(ring, at + LogPage.ERROR_STATUS, status << 1);
    LittleEndian.u16(ring, at + LogPage.ERROR_PARAMETER, LogPage.ERROR_PARAMETER_NONE);
    LittleEndian.i64(ring, at + LogPage.ERROR_LBA, lba);
    LittleEndian.i32(ring, at + LogPage.ERROR_NSID, nsid);
  }

  void save(StateWriter state) {
    state.i64(count).bytes(ring, 0, BYTES);
  }

  void restore(StateReader state) throws StateException {
    count = state.i64("failed commands", 0, Long.MAX_VALUE);
    state.bytes(ring, 0, BYTES);
  }

  /** The page: {@link #BYTES}, which are zero before. */
  void fill(MemorySegment page) {
    long entries = Math.min(count, NvmeLimits.ERROR_LOG_ENTRIES);
    for (int i = 0; i < entries; i++) {
      long from = (count - 1 - i) % NvmeLimits.ERROR_LOG_ENTRIES * LogPage.ERROR_BYTES;
      MemorySegment.copy(ring, from, page, (long) i * LogPage.ERROR_BYTES, LogPage.ERROR_BYTES);
    }
  }
}
