package farslot.function.endpoint;

import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.LittleEndian;
import farslot.pcie.Split;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The completer half of a function: answers non-posted requests (2.2.9, 2.3.1.1). */
final class Completer {
  private static final int HEADER_BYTES = 12;
  private static final int DW_BYTES = 4;

  private final Upstream upstream;
  private final ErrorReporter errors;
  private final EndpointCounters counters;
  private int completerId;
  private int payloadBytesMax = 128;

  Completer(Upstream upstream, ErrorReporter errors, EndpointCounters counters) {
    this.upstream = upstream;
    this.errors = errors;
    this.counters = counters;
  }

  /** Takes over what software has configured. */
  void configure(int newCompleterId, int newPayloadBytesMax) {
    completerId = newCompleterId;
    payloadBytesMax = newPayloadBytesMax;
  }

  /** Bus, device and function number as software has given them. */
  int completerId() {
    return completerId;
  }

  /** Nobody here answers to this: UR, with a completion if one is due. */
  void unsupported(TlpView request) {
    boolean posted = request.flowClass() == FlowClass.POSTED;
    counters.add(EndpointCounter.UNSUPPORTED_REQUESTS);
    // 6.2.3.2.4.1: with a completion the requester knows, so the error is only advisory.
    errors.report(UncorrectableError.UNSUPPORTED_REQUEST, !posted, request);
    if (!posted) {
      status(request, CompletionStatus.UR);
    }
  }

  /** Cpl without data. */
  void status(TlpView request, CompletionStatus status) {
    long at = upstream.claimCompletion(HEADER_BYTES, 0);
    if (at < 0) {
      return;
    }
    MemorySegment segment = upstream.segment();
    TlpEncoder.completion(
        segment,
        at,
        completerId,
        request.requesterId(),
        request.tag(),
        status,
        byteCount(request),
        lowerAddress(request));
    likeRequest(request, segment, at);
    upstream.commit();
  }

  /** CplD of a configuration or I/O read: the whole DW. */
  void dw(TlpView request, MemorySegment data, long offset) {
    send(request, data, offset, DW_BYTES, 0, DW_BYTES);
  }

  /**
   * CplD of a memory read, as many as it takes: each ends on a Read Completion Boundary, but the
   * last.
   *
   * @param data from the first enabled byte on
   */
  void memory(TlpView request, MemorySegment data, long offset) {
    long address = request.firstByteAddress();
    int bytes = byteCount(request);
    int sent = 0;
    while (sent < bytes) {
      long at = address + sent;
      int part = Split.pieceBytes(at, bytes - sent, payloadBytesMax);
      send(request, data, offset + sent, part, (int) at & 0x7F, bytes - sent);
      sent += part;
    }
  }

  private void send(
      TlpView request,
      MemorySegment data,
      long offset,
      int bytes,
      int lowerAddress,
      int byteCount) {
    int dataBytes = TlpEncoder.dataBytes(lowerAddress, bytes);
    long at = upstream.claimCompletion(HEADER_BYTES + dataBytes, dataBytes);
    if (at < 0) {
      return;
    }
    MemorySegment segment = upstream.segment();
    TlpEncoder.completionWithData(
        segment,
        at,
        completerId,
        request.requesterId(),
        request.tag(),
        byteCount,
        lowerAddress,
        bytes);
    likeRequest(request, segment, at);
    long to = at + HEADER_BYTES;
    LittleEndian.i32(segment, to, 0);
    LittleEndian.i32(segment, to + dataBytes - DW_BYTES, 0);
    MemorySegment.copy(data, offset, segment, to + (lowerAddress & 3), bytes);
    upstream.commit();
  }

  /** 2.2.9: Traffic Class and Attributes are the request's; a locked read has its own Cpl. */
  private static void likeRequest(TlpView request, MemorySegment segment, long at) {
    int attributes = request.attributes();
    or(segment, at + 1, request.trafficClass() << 4 | (attributes & 4));
    or(segment, at + 2, (attributes & 3) << 4);
    if (locked(request)) {
      or(segment, at, TlpType.CPLLK);
    }
  }

  private static void or(MemorySegment segment, long at, int bits) {
    int old = segment.get(ValueLayout.JAVA_BYTE, at);
    segment.set(ValueLayout.JAVA_BYTE, at, (byte) (old | bits));
  }

  private static boolean locked(TlpView request) {
    int type = request.fmtType();
    return type == TlpType.MRDLK32 || type == TlpType.MRDLK64;
  }

  /** Table 2-38; a zero-length read counts as 1 byte, what is not a memory read as its DW. */
  private static int byteCount(TlpView request) {
    int type = request.fmtType();
    if (TlpType.isMemoryRead(type)) {
      return Math.max(1, request.enabledBytes());
    }
    return TlpType.isAtomic(type) ? request.operandBytes() : DW_BYTES;
  }

  private static int lowerAddress(TlpView request) {
    boolean memory = TlpType.isMemoryRead(request.fmtType());
    return memory ? (int) request.firstByteAddress() & 0x7F : 0;
  }
}
