package farslot.link;

import farslot.pcie.BigEndian;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpError;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Hands the records of a DATA frame, which is next in sequence, to their streams. */
final class Delivery {
  private static final FlowClass[] CLASSES = FlowClass.values();
  private final LinkSession session;
  private final LinkCounters counters;
  private final MemorySegment assembly = Arena.ofAuto().allocate(TlpLimits.TLP_BYTES_MAX, 64);
  private int assembledKind;
  private int assembledStream;
  private boolean assembledSteady;
  private int assembledBytes;
  private boolean assembling;

  Delivery(LinkSession session) {
    this.session = session;
    this.counters = session.counters();
  }

  /** All records, unless one of them ends the session. */
  void deliver(FrameView frame) {
    while (session.state() != LinkState.DOWN && frame.nextRecord()) {
      if (assembling && (frame.kind() != assembledKind || frame.stream() != assembledStream)) {
        counters.droppedTlpsBrokenFragments++;
        assembling = false;
      }
      switch (frame.kind()) {
        case FrameFormat.TLP, FrameFormat.PUSH -> assemble(frame);
        case FrameFormat.CREDIT -> credit(frame);
        case FrameFormat.HOT_RESET, FrameFormat.REVOKE -> reset(frame);
        case FrameFormat.EVENT -> event(frame);
        case FrameFormat.ATTACH,
            FrameFormat.ATTACHED,
            FrameFormat.REFUSED,
            FrameFormat.DETACH,
            FrameFormat.DETACHED ->
            session.onControl(frame);
        default -> counters.droppedRecordsSkippable++;
      }
    }
  }

  private void assemble(FrameView frame) {
    if (!assembling && !frame.more()) {
      whole(frame, frame.steady(), frame.segment(), frame.bodyOffset(), frame.bodyBytes());
      return;
    }
    if (!assembling) {
      assembling = true;
      assembledKind = frame.kind();
      assembledSteady = frame.steady();
      assembledStream = frame.stream();
      assembledBytes = 0;
    }
    int bytes = frame.bodyBytes();
    // A TLP that grows too long keeps growing in count only, so that its end is still found.
    int room = Math.max(0, TlpLimits.TLP_BYTES_MAX - assembledBytes);
    MemorySegment.copy(
        frame.segment(),
        frame.bodyOffset(),
        assembly,
        Math.min(assembledBytes, TlpLimits.TLP_BYTES_MAX),
        Math.min(bytes, room));
    assembledBytes = Math.min(assembledBytes + bytes, 2 * TlpLimits.TLP_BYTES_MAX);
    if (!frame.more()) {
      assembling = false;
      whole(frame, assembledSteady, assembly, 0, assembledBytes);
    }
  }

  private void whole(FrameView last, boolean steady, MemorySegment segment, long at, int bytes) {
    if (last.kind() == FrameFormat.TLP) {
      tlp(last, segment, at, bytes);
    } else {
      push(last, steady, segment, at, bytes);
    }
  }

  private void push(FrameView last, boolean steady, MemorySegment segment, long at, int bytes) {
    LinkStream stream = fromInitiator() ? find(last) : null;
    if (stream != null) {
      stream.inbox().push(segment, at, bytes, steady);
    }
  }

  private void tlp(FrameView frame, MemorySegment segment, long offset, int tlpBytes) {
    LinkStream stream = find(frame);
    if (stream == null) {
      return;
    }
    int firstDw = FlowCost.firstDw(segment, offset, Math.min(tlpBytes, TlpLimits.TLP_BYTES_MAX));
    TlpError error =
        tlpBytes > TlpLimits.TLP_BYTES_MAX
            ? TlpError.TOO_LONG
            : TlpView.check(segment, offset, tlpBytes);
    boolean good = error == null;
    if (!good) {
      counters.droppedTlpsMalformed[error.ordinal()]++;
    } else if (FlowCost.dataCredits(firstDw) * Credits.DATA_BYTES
        >= session.payloadBytesMax() + Credits.DATA_BYTES) {
      // 2.2.2: a TLP whose data is longer than Max_Payload_Size is malformed.
      counters.droppedTlpsPayloadTooLong++;
      good = false;
    }
    stream.inbox().tlp(segment, offset, tlpBytes, firstDw, good);
  }

  private void credit(FrameView frame) {
    LinkStream stream = find(frame);
    if (stream == null) {
      return;
    }
    long end = frame.bodyOffset() + frame.bodyBytes();
    for (long at = frame.bodyOffset(); at < end; at += FrameFormat.CREDIT_ENTRY_BYTES) {
      int flow = BigEndian.u8(frame.segment(), at);
      if (flow >= CLASSES.length) {
        counters.droppedCreditsInsane++;
      } else {
        stream.creditUpdate(
            CLASSES[flow],
            BigEndian.i32(frame.segment(), at + 4),
            BigEndian.i32(frame.segment(), at + 8));
      }
    }
  }

  private void reset(FrameView frame) {
    LinkStream stream = fromInitiator() ? find(frame) : null;
    if (stream != null && frame.kind() == FrameFormat.HOT_RESET) {
      stream.onHotReset();
    } else if (stream != null) {
      stream.inbox().revoke();
    }
  }

  private void event(FrameView frame) {
    if (!session.dials()) {
      counters.droppedRecordsWrongDirection++;
      return;
    }
    LinkStream stream = find(frame);
    if (stream != null) {
      stream.inbox().event(frame.segment(), frame.bodyOffset(), frame.bodyBytes());
    }
  }

  /** Whether this end takes what only initiators send; else it is counted. */
  private boolean fromInitiator() {
    if (session.dials()) {
      counters.droppedRecordsWrongDirection++;
    }
    return !session.dials();
  }

  /** The open stream that a record belongs to, or null: counted. */
  private LinkStream find(FrameView frame) {
    LinkStream stream = session.streams().get(frame.stream());
    if (stream == null) {
      counters.droppedRecordsUnknownStream++;
      return null;
    }
    if (stream.epochTag() != frame.epochTag()) {
      counters.droppedRecordsStaleEpoch++;
      return null;
    }
    if (!stream.isUp()) {
      counters.droppedRecordsDetached++;
      return null;
    }
    return stream;
  }
}
