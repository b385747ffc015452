package farslot.function.faults;

import farslot.pcie.BigEndian;
import farslot.pcie.CompletionStatus;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpPatch;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A TLP on its way past here, in memory of our own, where everything may be done to it. */
final class Passing {
  private static final int CPL_BYTES = 12;
  private static final int DW_BYTES = 4;
  private static final int LENGTH_DW_MAX = 1024;

  /** Of tags that few requesters come to use. */
  private static final int TAG_BIT = 0x80;

  final MemorySegment segment = Arena.ofAuto().allocate(TlpLimits.TLP_BYTES_MAX, 64);
  final TlpView tlp = new TlpView();
  int tlpBytes;
  boolean lost;
  long delayNs;

  /** What has been put into {@link #segment} is a TLP of so many bytes. */
  Passing begin(int bytes) {
    tlpBytes = bytes;
    lost = false;
    delayNs = 0;
    tlp.wrap(segment, 0, bytes);
    return this;
  }

  /** The same of a TLP that lies elsewhere. */
  Passing copy(TlpView from) {
    MemorySegment.copy(from.segment(), from.offset(), segment, 0, from.tlpBytes());
    return begin(from.tlpBytes());
  }

  /** A TLP by itself: memory and I/O writes, messages. */
  void strike(Fault fault) {
    switch (fault.kind()) {
      case DROP -> lost = true;
      case DELAY -> delayNs = fault.delayNs();
      case POISON -> poison();
      case WRONG_DATA -> invert();
      default -> throw new AssertionError(fault.kind() + " is for completions");
    }
  }

  /**
   * One of the completions that answer a request.
   *
   * @param first whether it is the request's first
   */
  void strikeCompletion(Fault fault, boolean first) {
    switch (fault.kind()) {
      case NO_ANSWER -> lost = true;
      case UR -> refuse(CompletionStatus.UR, first);
      case CA -> refuse(CompletionStatus.CA, first);
      case POISON -> poison();
      case DELAY -> delayNs = fault.delayNs();
      case WRONG_DATA -> invert();
      case WRONG_COUNT -> wrongCount(first);
      case WRONG_TAG -> wrongTag(first);
      case WRONG_LENGTH -> wrongLength(first);
      default -> throw new AssertionError(fault.kind() + " is not for completions");
    }
  }

  private void poison() {
    if (tlp.dataBytes() > 0) {
      TlpPatch.poison(tlp);
      tlp.wrap(segment, 0, tlpBytes);
    }
  }

  private void invert() {
    long at = tlp.dataOffset();
    for (int i = 0; i < tlp.dataBytes(); i += DW_BYTES) {
      BigEndian.i32(segment, at + i, ~BigEndian.i32(segment, at + i));
    }
  }

  /** One answer is enough (2.3.1.1). */
  private void refuse(CompletionStatus status, boolean first) {
    lost = !first;
    if (first) {
      int byteCount = tlp.byteCount();
      int lower = tlp.lowerAddress();
      int completer = tlp.completerId();
      int requester = tlp.requesterId();
      TlpEncoder.completion(segment, 0, completer, requester, tlp.tag(), status, byteCount, lower);
      begin(CPL_BYTES);
    }
  }

  private void wrongCount(boolean first) {
    if (first && tlp.dataBytes() > 0) {
      int count = tlp.byteCount();
      int other = count + DW_BYTES <= TlpLimits.PAYLOAD_BYTES_MAX ? count + DW_BYTES : DW_BYTES;
      TlpPatch.byteCount(tlp, other);
    }
  }

  private void wrongTag(boolean first) {
    if (first) {
      TlpPatch.completionTag(tlp, tlp.tag() ^ TAG_BIT);
      tlp.wrap(segment, 0, tlpBytes);
    }
  }

  private void wrongLength(boolean first) {
    if (first && tlp.dataBytes() > 0) {
      int length = tlp.lengthDw();
      TlpPatch.lengthDw(tlp, length < LENGTH_DW_MAX ? length + 1 : length - 1);
      tlp.wrap(segment, 0, tlpBytes);
    }
  }

  /** A copy that lasts. */
  byte[] bytes() {
    return segment.asSlice(0, tlpBytes).toArray(ValueLayout.JAVA_BYTE);
  }
}
