package farslot.link;

import java.lang.foreign.Arena;

/**
 * The receiving half of a session: brings DATA frames into their order and notes what the peer has
 * to be told about them (docs/spec/pcieoe.md, section 6).
 */
final class Receiver {
  private final LinkSession session;
  private final SessionTerms terms;
  private final LinkCounters counters;
  private final Delivery delivery;
  private final Arena arena = Arena.ofShared();
  private final ReorderBuffer reorder;
  private final FrameView kept = new FrameView();
  private int expected;
  private boolean delivering;
  private boolean released;

  Receiver(LinkSession session, int firstSeq) {
    this.session = session;
    terms = session.terms();
    counters = session.counters();
    delivery = new Delivery(session);
    reorder = new ReorderBuffer(arena, terms.frameBytesMax(), terms.reorderFrames());
    expected = firstSeq;
  }

  /** The frame that comes next. */
  int expected() {
    return expected;
  }

  /** What has come that is behind it. */
  ReorderBuffer reorder() {
    return reorder;
  }

  void data(FrameView frame, SessionRail from, long nowNs) {
    int seq = frame.seq();
    if (Seq.before(seq, expected) || reorder.has(seq)) {
      counters.droppedFramesDuplicate++;
      from.debt.now();
    } else if (seq == expected) {
      from.debt.received(frame.frameBytes(), nowNs);
      deliver(frame);
    } else if (!terms.sack()) {
      counters.droppedFramesAfterGap++;
      gap(from, nowNs);
    } else if (!reorder.covers(seq, expected)) {
      counters.droppedFramesBeyondWindow++;
      from.debt.now();
    } else {
      counters.framesReordered++;
      from.debt.received(frame.frameBytes(), nowNs);
      from.debt.now();
      reorder.put(seq, frame);
    }
  }

  /** An ACK says which frame its sender sends next; what is missing before that was lost. */
  void ack(FrameView frame, SessionRail from, long nowNs) {
    if (!terms.sack() && Seq.after(frame.seq(), expected)) {
      gap(from, nowNs);
    }
  }

  private void gap(SessionRail from, long nowNs) {
    if (from.reliable()) {
      session.failRail(from, "frames are missing: expected " + Integer.toUnsignedString(expected));
    } else {
      from.debt.gap(expected, from.clock.roundTripNs(), nowNs);
    }
  }

  /** The frame that is expected, and those that have waited for it. */
  private void deliver(FrameView frame) {
    delivering = true;
    // Counted before it is delivered: what the records set in motion acknowledges it already.
    expected++;
    delivery.deliver(frame);
    while (session.state() != LinkState.DOWN && reorder.has(expected)) {
      int seq = expected++;
      delivery.deliver(kept.wrap(reorder.frame(seq), 0));
      reorder.remove(seq);
    }
    delivering = false;
    if (released) {
      arena.close();
    }
  }

  /** Gives the memory back, as soon as nobody reads in it. */
  void release() {
    released = true;
    if (!delivering) {
      arena.close();
    }
  }
}
