package farslot.fabric;

import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The MSI-X table as a guest sees it. The card's own is programmed by the root port; what a guest
 * writes stays here, and a guest's interrupt addresses never leave its server.
 */
final class MsixShadow {
  private static final int ENTRY_BYTES = 16;

  private final int bar;
  private final long offset;
  private final MemorySegment table;

  MsixShadow(FunctionFacts facts) {
    bar = facts.msix() == 0 ? -1 : facts.msixTableBar();
    offset = facts.msix() == 0 ? 0 : facts.msixTableOffset();
    table = Arena.ofAuto().allocate(Math.max(1, facts.msixVectors() * ENTRY_BYTES), 8);
    reset();
  }

  /** All vectors masked (7.7.2.4). */
  void reset() {
    table.fill((byte) 0);
    for (long at = 12; at < table.byteSize(); at += ENTRY_BYTES) {
      LittleEndian.i32(table, at, PciRegisters.MSIX_VECTOR_MASKED);
    }
  }

  private long end() {
    return offset + table.byteSize();
  }

  boolean touches(int region, long from, int bytes) {
    return region == bar && from < end() && from + bytes > offset;
  }

  /** Whether an access lies in the table and the card need not hear of it. */
  boolean covers(int region, long from, int bytes) {
    return region == bar && from >= offset && from + bytes <= end();
  }

  /** Bytes of the access before the table. */
  int before(long from, int bytes) {
    return Math.clamp(offset - from, 0, bytes);
  }

  /** Bytes of the access behind it. */
  int behind(long from, int bytes) {
    return Math.clamp(from + bytes - end(), 0, bytes);
  }

  /** Puts the table's bytes where the access overlaps it. */
  void overlay(long from, MemorySegment data, long at, int bytes) {
    int skip = before(from, bytes);
    int count = bytes - skip - behind(from, bytes);
    MemorySegment.copy(table, from + skip - offset, data, at + skip, count);
  }

  void write(long from, MemorySegment data, long at, int bytes) {
    int skip = before(from, bytes);
    int count = bytes - skip - behind(from, bytes);
    MemorySegment.copy(data, at + skip, table, from + skip - offset, count);
  }

  MemorySegment table() {
    return table;
  }

  long tableOffset(long from) {
    return from - offset;
  }
}
