package farslot.function.endpoint;

import farslot.pcie.LittleEndian;
import farslot.pcie.Split;
import farslot.pcie.TlpEncoder;
import java.lang.foreign.MemorySegment;

/** Cuts what a card writes into MWr. */
final class WriteRequests {
  private final Upstream upstream;
  private final EndpointCounters counters;
  private int requesterId;
  private int payloadBytesMax;

  WriteRequests(Upstream upstream, EndpointCounters counters) {
    this.upstream = upstream;
    this.counters = counters;
  }

  /** Takes over what software has configured. */
  void configure(int newRequesterId, int newPayloadBytesMax) {
    requesterId = newRequesterId;
    payloadBytesMax = newPayloadBytesMax;
  }

  void write(long address, MemorySegment from, long offset, int bytes) {
    int sent = 0;
    while (sent < bytes) {
      int part = Split.pieceBytes(address + sent, bytes - sent, payloadBytesMax);
      writePart(address + sent, from, offset + sent, part);
      sent += part;
    }
    counters.add(EndpointCounter.DMA_WRITE_BYTES, bytes);
  }

  private void writePart(long address, MemorySegment from, long offset, int bytes) {
    int dataBytes = TlpEncoder.dataBytes(address, bytes);
    long at = upstream.claimWrite(address, bytes);
    if (at < 0) {
      return;
    }
    MemorySegment segment = upstream.segment();
    TlpEncoder.memoryWrite(segment, at, requesterId, address, bytes);
    long data = at + TlpEncoder.memoryHeaderBytes(address);
    LittleEndian.i32(segment, data, 0);
    LittleEndian.i32(segment, data + dataBytes - 4, 0);
    MemorySegment.copy(from, offset, segment, data + (address & 3), bytes);
    upstream.commit();
    counters.add(EndpointCounter.DMA_WRITES);
  }
}
