package farslot.function.endpoint;

import farslot.function.FunctionSpec;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import farslot.pcie.config.Msix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The MSI-X table and Pending Bit Array (PCI Express Base Specification 7.7.2), which lie in BAR
 * memory of the card but are served by the endpoint. Plain storage: who sends what, and when, is
 * {@link InterruptUnit}'s.
 */
final class MsixTable {
  private static final int ADDRESS_BITS = ~3;

  private final int vectors;
  private final int bar;
  private final int tableOffset;
  private final int pbaBar;
  private final int pbaOffset;
  private final MemorySegment table;
  private final MemorySegment pba;

  MsixTable(FunctionSpec spec) {
    vectors = spec.msixVectors();
    bar = spec.msixBar();
    tableOffset = spec.msixTableOffset();
    pbaBar = spec.msixPbaBar();
    pbaOffset = spec.msixPbaOffset();
    // Native, as all memory that TLPs are moved from and to: code that meets two kinds of segments
    // is compiled to ask which one it has, everywhere.
    Arena arena = Arena.ofAuto();
    table = arena.allocate((long) vectors * Msix.ENTRY_BYTES, Long.BYTES);
    pba = arena.allocate((vectors + 63L) / Msix.PBA_QW_VECTORS * 8, Long.BYTES);
    reset();
  }

  int vectors() {
    return vectors;
  }

  /** As after any reset: empty, every vector masked, nothing pending. */
  void reset() {
    table.fill((byte) 0);
    pba.fill((byte) 0);
    for (int vector = 0; vector < vectors; vector++) {
      LittleEndian.i32(table, entry(vector) + Msix.ENTRY_VECTOR_CONTROL, Msix.VECTOR_CONTROL_MASK);
    }
  }

  boolean holdsTable(int accessBar, long offset) {
    return accessBar == bar && offset >= tableOffset && offset - tableOffset < table.byteSize();
  }

  boolean holdsPba(int accessBar, long offset) {
    return accessBar == pbaBar && offset >= pbaOffset && offset - pbaOffset < pba.byteSize();
  }

  /** Whether any of a range is the table's or the PBA's. */
  boolean touches(int accessBar, long offset, int bytes) {
    long end = offset + bytes;
    return accessBar == bar && end > tableOffset && offset < tableOffset + table.byteSize()
        || accessBar == pbaBar && end > pbaOffset && offset < pbaOffset + pba.byteSize();
  }

  long readTable(long offset, int bytes) {
    return load(table, offset - tableOffset, bytes);
  }

  /** Software may only read the PBA: writes go nowhere. */
  long readPba(long offset, int bytes) {
    return load(pba, offset - pbaOffset, bytes);
  }

  /** Writes, and returns the vector whose entry that was. */
  int writeTable(long offset, int bytes, long value) {
    long at = offset - tableOffset;
    for (int i = 0; i < bytes; i++) {
      table.set(ValueLayout.JAVA_BYTE, at + i, (byte) (value >>> 8 * i));
    }
    int vector = (int) (at / Msix.ENTRY_BYTES);
    clearReserved(entry(vector));
    return vector;
  }

  long address(int vector) {
    return LittleEndian.i64(table, entry(vector) + Msix.ENTRY_ADDRESS);
  }

  int data(int vector) {
    return LittleEndian.i32(table, entry(vector) + Msix.ENTRY_DATA);
  }

  boolean masked(int vector) {
    return (LittleEndian.i32(table, entry(vector) + Msix.ENTRY_VECTOR_CONTROL) & 1) != 0;
  }

  boolean pending(int vector) {
    return (pba.get(ValueLayout.JAVA_BYTE, vector >> 3) >> (vector & 7) & 1) != 0;
  }

  void pending(int vector, boolean on) {
    int bit = 1 << (vector & 7);
    int old = pba.get(ValueLayout.JAVA_BYTE, vector >> 3);
    pba.set(ValueLayout.JAVA_BYTE, vector >> 3, (byte) (on ? old | bit : old & ~bit));
  }

  void save(StateWriter state) {
    state.bytes(table, 0, (int) table.byteSize());
    state.bytes(pba, 0, (int) pba.byteSize());
  }

  void restore(StateReader state) throws StateException {
    state.bytes(table, 0, (int) table.byteSize());
    state.bytes(pba, 0, (int) pba.byteSize());
    for (int vector = 0; vector < vectors; vector++) {
      clearReserved(entry(vector));
    }
    for (int vector = vectors; vector < 8 * pba.byteSize(); vector++) {
      pending(vector, false);
    }
  }

  private void clearReserved(long entry) {
    clearReserved(entry + Msix.ENTRY_ADDRESS, ADDRESS_BITS);
    clearReserved(entry + Msix.ENTRY_VECTOR_CONTROL, Msix.VECTOR_CONTROL_MASK);
  }

  private void clearReserved(long at, int implemented) {
    LittleEndian.i32(table, at, LittleEndian.i32(table, at) & implemented);
  }

  private static long entry(int vector) {
    return (long) vector * Msix.ENTRY_BYTES;
  }

  private static long load(MemorySegment from, long at, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (from.get(ValueLayout.JAVA_BYTE, at + i) & 0xFFL) << 8 * i;
    }
    return value;
  }
}
