package farslot.fabric;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpLimits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory writes towards the card. One that cannot go at once waits here, and all later ones behind
 * it; reads wait for the writes before them (2.4.1: a request never passes a posted one).
 */
final class PostedWrites {
  /** Bytes that wait at most. */
  static final int PARKED_BYTES_MAX = 64 * 1024;

  private static final int ADDRESS_BYTES = 8;
  private static final ValueLayout.OfInt DW = ValueLayout.JAVA_INT_UNALIGNED;

  private final Wire wire;
  private final PortCounters counters;
  private final RecordRing parked = new RecordRing(PARKED_BYTES_MAX);
  private HeldDoorbell doorbell;
  private boolean gated;

  PostedWrites(Wire wire, PortCounters counters) {
    this.wire = wire;
    this.counters = counters;
  }

  /** What is held back goes before whatever is written after it. */
  void doorbell(HeldDoorbell to) {
    doorbell = to;
  }

  /** While gated everything waits: the card is being brought up. */
  void gate(boolean closed) {
    gated = closed;
  }

  /** Whether the next write would go at once, credits given: nothing waits. */
  boolean flows() {
    return !gated && parked.isEmpty();
  }

  /** Whether one more write of any size can be taken. */
  boolean hasRoom() {
    return parked.fits(ADDRESS_BYTES + LocalFunction.ACCESS_BYTES_MAX) || parked.isEmpty();
  }

  /** A point in the order of writes: what comes later waits until {@link #passed} says so. */
  long barrier() {
    doorbell.flush();
    return parked.given();
  }

  boolean passed(long barrier) {
    return parked.taken() >= barrier;
  }

  /**
   * Sends, or parks.
   *
   * @param bytes 1 to 4096
   * @return false when there was no room even to park: then it is lost
   */
  boolean write(long address, MemorySegment from, long at, int bytes) {
    doorbell.flush();
    return writeNow(address, from, at, bytes);
  }

  /** The same for what has been held back. */
  boolean writeNow(long address, MemorySegment from, long at, int bytes) {
    int done = 0;
    while (done < bytes && !gated && parked.isEmpty()) {
      int piece = piece(address + done, bytes - done);
      if (!send(address + done, from, at + done, piece)) {
        break;
      }
      done += piece;
    }
    return done == bytes || park(address + done, from, at + done, bytes - done);
  }

  private boolean park(long address, MemorySegment from, long at, int bytes) {
    int done = 0;
    while (done < bytes) {
      int piece = piece(address + done, bytes - done);
      long record = parked.put(ADDRESS_BYTES + piece);
      if (record < 0) {
        counters.add(PortEvent.WRITE_OVERFLOW);
        return false;
      }
      parked.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, record, address + done);
      MemorySegment.copy(from, at + done, parked.memory(), record + ADDRESS_BYTES, piece);
      done += piece;
    }
    return true;
  }

  /** A piece stays inside a page and a payload (2.2.7, 2.2.2). */
  private int piece(long address, int bytes) {
    int toPage = TlpLimits.PAGE_BYTES - (int) (address & TlpLimits.PAGE_BYTES - 1);
    return Math.min(bytes, Math.min(toPage, wire.payloadBytesMax() - (int) (address & 3)));
  }

  /** Sends what waits, as far as credits go. */
  void pump() {
    while (!gated && !parked.isEmpty()) {
      long record = parked.first();
      int bytes = parked.firstBytes() - ADDRESS_BYTES;
      long address = parked.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, record);
      if (!send(address, parked.memory(), record + ADDRESS_BYTES, bytes)) {
        return;
      }
      parked.pop();
    }
  }

  /** Sends one MWr now, ahead of what is parked; false when there are no credits. */
  boolean send(long address, MemorySegment from, long at, int bytes) {
    int dataBytes = TlpEncoder.dataBytes(address, bytes);
    int header = TlpEncoder.memoryHeaderBytes(address);
    long tlp = wire.claim(FlowClass.POSTED, header, dataBytes);
    if (tlp < 0) {
      return false;
    }
    MemorySegment to = wire.segment();
    TlpEncoder.memoryWrite(to, tlp, Wire.ROOT_ID, address, bytes);
    long data = tlp + header;
    to.set(DW, data, 0);
    to.set(DW, data + dataBytes - 4, 0);
    MemorySegment.copy(from, at, to, data + (address & 3), bytes);
    wire.commit();
    return true;
  }

  void clear() {
    doorbell.drop();
    parked.clear();
  }
}
