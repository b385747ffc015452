package farslot.link;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;

/**
 * The receiving half of a {@link LinkStream}: holds what comes against the credits that were given
 * for it, hands it to whoever owns the stream, and gives the credits back.
 */
final class StreamInbox {
  private final LinkStream stream;
  private final TlpIn in;
  private final CreditMeter meter;

  /** Posted requests, completions and events, sent by an appliance or come to an initiator. */
  private int told;

  private long bytes;
  private long tlps;

  StreamInbox(LinkStream stream, TlpIn in, CreditMeter meter) {
    this.stream = stream;
    this.in = in;
    this.meter = meter;
  }

  private LinkCounters counters() {
    return stream.session().counters();
  }

  /** What has come so far: TLPs, pushes and events, bytes without the framing. */
  long bytes() {
    return bytes;
  }

  /** TLPs that have come so far. */
  long tlps() {
    return tlps;
  }

  /** What the initiator has heard of the function, or will have once all has come. */
  int told() {
    return told;
  }

  void countTold() {
    told++;
  }

  /**
   * A TLP has come.
   *
   * @param firstDw see {@link FlowCost#firstDw}
   */
  void tlp(MemorySegment segment, long offset, int tlpBytes, int firstDw, boolean good) {
    FlowClass flow = FlowCost.flow(firstDw);
    int credits = FlowCost.dataCredits(firstDw);
    bytes += tlpBytes;
    stream.received(tlpBytes);
    if (!covered(flow, credits)) {
      return;
    }
    if (good) {
      counters().tlpsReceived++;
      tlps++;
      try {
        in.onTlp(segment, offset, tlpBytes);
      } catch (RuntimeException | AssertionError | InternalError e) {
        stream.failed(e);
      }
    }
    free(flow, credits);
  }

  private boolean covered(FlowClass flow, int credits) {
    if (flow != FlowClass.NON_POSTED && stream.session().dials()) {
      told++;
    }
    boolean covered = meter.receive(flow, credits);
    if (!covered) {
      counters().creditOverruns++;
      stream.fail("the peer sent more " + flow + " than it has credits for");
    }
    return covered;
  }

  private void free(FlowClass flow, int credits) {
    if (meter.free(flow, credits)) {
      stream.creditsFreed();
    }
  }

  /** A PUSH has come, put together. */
  void push(MemorySegment segment, long body, int bodyBytes, boolean steady) {
    int credits = PushRecord.dataCredits(bodyBytes);
    bytes += bodyBytes;
    stream.received(bodyBytes);
    if (!covered(FlowClass.POSTED, credits)) {
      return;
    }
    if (PushRecord.wellFormed(segment, body, bodyBytes)) {
      try {
        take(segment, body, bodyBytes - FrameFormat.PUSH_HEADER_BYTES, steady);
      } catch (RuntimeException | AssertionError | InternalError e) {
        stream.failed(e);
      }
    } else {
      counters().droppedPushesMalformed++;
    }
    free(FlowClass.POSTED, credits);
  }

  private void take(MemorySegment segment, long body, int bytes, boolean steady) {
    long address = PushRecord.address(segment, body);
    if (steady || PushRecord.heard(segment, body) == told) {
      counters().pushesReceived++;
      counters().pushBytesReceived += bytes;
      in.onPush(address, segment, body + FrameFormat.PUSH_HEADER_BYTES, bytes, steady);
    } else {
      // Software may have answered to what it has heard since: a read that is sent now would see
      // that, so these bytes may be too old. And whoever pushes them relies on it that nothing
      // older is given to the card.
      counters().droppedPushesStale++;
      in.onStalePush(address, bytes);
    }
  }

  void revoke() {
    counters().revokesReceived++;
    try {
      in.onRevoke();
    } catch (RuntimeException | AssertionError | InternalError e) {
      stream.failed(e);
    }
  }

  /** An EVENT has come, which is well-formed. */
  void event(MemorySegment segment, long body, int bodyBytes) {
    int credits = EventRecord.dataCredits(bodyBytes);
    bytes += bodyBytes;
    stream.received(bodyBytes);
    if (!covered(FlowClass.POSTED, credits)) {
      return;
    }
    counters().eventsReceived++;
    int bar = EventRecord.bar(segment, body);
    long offset = EventRecord.offset(segment, body);
    try {
      if (EventRecord.harmless(segment, body)) {
        in.onHarmless(bar, offset, EventRecord.size(segment, body));
      } else {
        long at = body + FrameFormat.EVENT_HEADER_BYTES;
        int bytes = bodyBytes - FrameFormat.EVENT_HEADER_BYTES;
        in.onEvent(bar, offset, EventRecord.changes(segment, body), segment, at, bytes);
      }
    } catch (RuntimeException | AssertionError | InternalError e) {
      stream.failed(e);
    }
    free(FlowClass.POSTED, credits);
  }
}
