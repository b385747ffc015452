package farslot.sim;

import farslot.pcie.FlowClass;

/** How TLPs get on in one direction of a stream: since when none has arrived that was sent. */
final class Flow {
  private final Party from;
  private final Party to;
  private int received;
  private long movedNs;

  Flow(Party from, Party to) {
    this.from = from;
    this.to = to;
  }

  /** Whether it is about this pair of ends. */
  boolean joins(Party one, Party other) {
    return from == one && to == other;
  }

  /** Looks; says when TLPs last arrived, or that none is missing: {@code nowNs}. */
  long movedNs(long nowNs) {
    int sentNow = 0;
    int receivedNow = 0;
    for (FlowClass flow : FlowClass.values()) {
      sentNow += from.outbox().sent(flow);
      receivedNow += to.inbox().received(flow);
    }
    if (receivedNow != received || receivedNow == sentNow) {
      received = receivedNow;
      movedNs = nowNs;
    }
    return movedNs;
  }

  @Override
  public String toString() {
    return from.who + " to " + to.who;
  }
}
