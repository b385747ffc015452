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
  private int assembledStream;
  private int assembledBytes;
  private boolean assembling;

  Delivery(LinkSession session) {
    this.session = session;
    this.counters = session.counters();
  }

  /** All records, unless one of them ends the session. */
  void deliver(FrameView frame) {
    while (session.state() != LinkState.DOWN && frame.nextRecord()) {
      if (assembling && (frame.kind() != FrameFormat.TLP || frame.stream() != assembledStream)) {
        counters.droppedTlpsBrokenFragments++;
        assembling = false;
      }
      switch (frame.kind()) {
        case FrameFormat.TLP -> tlpRecord(frame);
        case FrameFormat.CREDIT -> credit(frame);
        case FrameFormat.HOT_RESET -> hotReset(frame);
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

  private void tlpRecord(FrameView frame) {
    if (!assembling && !frame.more()) {
      tlp(frame, frame.segment(), frame.bodyOffset(), frame.bodyBytes());
      return;
    }
    if (!assembling) {
      assembling = true;
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
      tlp(frame, assembly, 0, assembledBytes);
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
    stream.deliver(segment, offset, tlpBytes, firstDw, good);
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

  private void hotReset(FrameView frame) {
    if (session.dials()) {
      counters.droppedRecordsWrongDirection++;
      return;
    }
    LinkStream stream = find(frame);
    if (stream != null) {
      stream.onHotReset();
    }
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
