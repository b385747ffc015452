package farslot.function.endpoint;

import farslot.function.PciFunction;
import farslot.pcie.LittleEndian;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns memory and I/O requests into register accesses: runs of enabled bytes, cut into naturally
 * aligned pieces of 8, 4, 2 and 1 byte, lowest address first. Pieces of the MSI-X table and PBA are
 * served here; the card never sees them.
 */
final class RegisterAccess {
  private final PciFunction function;
  private final InterruptUnit interrupts;
  private final EndpointCounters counters;

  RegisterAccess(PciFunction function, InterruptUnit interrupts, EndpointCounters counters) {
    this.function = function;
    this.interrupts = interrupts;
    this.counters = counters;
  }

  /**
   * Reads what a request asks for.
   *
   * @param offset in the BAR, of the first enabled byte
   * @param to where that byte goes, at {@code at}; bytes that are not enabled become 0
   */
  void read(TlpView request, int bar, long offset, MemorySegment to, long at) {
    int bytes = request.enabledBytes();
    if (request.contiguous()) {
      readRun(bar, offset, bytes, to, at);
      return;
    }
    // At most two DWs, so that the store below stays inside what is left behind them.
    store(to, at, 8, 0);
    for (int from = 0; from < bytes; ) {
      int end = RegisterPieces.runEnd(request, from, bytes);
      readRun(bar, offset + from, end - from, to, at + from);
      from = RegisterPieces.nextRun(request, end, bytes);
    }
  }

  /** Writes what a request carries. */
  void write(TlpView request, int bar, long offset) {
    int bytes = request.enabledBytes();
    MemorySegment data = request.segment();
    long at = request.dataOffset() + (request.firstByteAddress() & 3);
    if (request.contiguous()) {
      writeRun(bar, offset, bytes, data, at);
      return;
    }
    for (int from = 0; from < bytes; ) {
      int end = RegisterPieces.runEnd(request, from, bytes);
      writeRun(bar, offset + from, end - from, data, at + from);
      from = RegisterPieces.nextRun(request, end, bytes);
    }
  }

  /** Whether some of a range is served here, whoever has the BAR: MSI-X's table and PBA. */
  boolean serves(int bar, long offset, int bytes) {
    MsixTable table = interrupts.table();
    return table != null && table.touches(bar, offset, bytes);
  }

  /** Reads a register whose offset is a multiple of its bytes. */
  long read(int bar, long offset, int bytes) {
    return readPiece(bar, offset, bytes);
  }

  /** Writes a register whose offset is a multiple of its bytes. */
  void write(int bar, long offset, int bytes, long value) {
    writePiece(bar, offset, bytes, value);
  }

  private void readRun(int bar, long offset, int bytes, MemorySegment to, long at) {
    for (int done = 0; done < bytes; ) {
      int piece = RegisterPieces.bytes(offset + done, bytes - done);
      store(to, at + done, piece, readPiece(bar, offset + done, piece));
      done += piece;
    }
  }

  private void writeRun(int bar, long offset, int bytes, MemorySegment data, long at) {
    for (int done = 0; done < bytes; ) {
      int piece = RegisterPieces.bytes(offset + done, bytes - done);
      writePiece(bar, offset + done, piece, load(data, at + done, piece));
      done += piece;
    }
  }

  private long readPiece(int bar, long offset, int bytes) {
    MsixTable table = interrupts.table();
    if (table != null && table.holdsTable(bar, offset)) {
      return table.readTable(offset, bytes);
    }
    if (table != null && table.holdsPba(bar, offset)) {
      return table.readPba(offset, bytes);
    }
    counters.add(EndpointCounter.REGISTER_READS);
    return function.read(bar, offset, bytes);
  }

  private void writePiece(int bar, long offset, int bytes, long value) {
    MsixTable table = interrupts.table();
    if (table != null && table.holdsTable(bar, offset)) {
      interrupts.tableWritten(table.writeTable(offset, bytes, value));
    } else if (table == null || !table.holdsPba(bar, offset)) {
      counters.add(EndpointCounter.REGISTER_WRITES);
      function.write(bar, offset, bytes, value);
    }
  }

  private static void store(MemorySegment to, long at, int bytes, long value) {
    switch (bytes) {
      case 1 -> to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case 2 -> LittleEndian.u16(to, at, (int) value);
      case 4 -> LittleEndian.i32(to, at, (int) value);
      default -> LittleEndian.i64(to, at, value);
    }
  }

  private static long load(MemorySegment from, long at, int bytes) {
    return switch (bytes) {
      case 1 -> from.get(ValueLayout.JAVA_BYTE, at) & 0xFFL;
      case 2 -> LittleEndian.u16(from, at);
      case 4 -> LittleEndian.u32(from, at);
      default -> LittleEndian.i64(from, at);
    };
  }
}
