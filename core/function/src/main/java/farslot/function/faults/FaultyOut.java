package farslot.function.faults;

import farslot.function.Agent;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * The way out of a card while something is wrong with it: each TLP is judged when it is whole, then
 * goes on, changed, later or never. Order among those that go on is PCI Express's: none passes
 * another of its class, and what was posted before goes before (2.4.1).
 */
final class FaultyOut implements TlpOut {
  private final Agent agent;
  private final Consumer<Passing> judge;
  private final Runnable onRoom;
  private final Passing passing = new Passing();
  private final HeldTlps[] held = new HeldTlps[FlowClass.values().length];
  private final Agent.Timer timer;
  private TlpOut link;
  private FlowClass claimed;
  private int claimedBytes;

  /** The last claim was not of a TLP: it is the link's own. */
  private boolean event;

  private boolean roomWanted;
  private boolean quietWanted;
  private boolean staleEvents;
  private long postedTaken;
  private long postedGone;

  /** When it was last tried to send what waits. */
  private long triedNs = Long.MIN_VALUE;

  /**
   * @param judge decides what becomes of each TLP
   * @param onRoom called when a claim that was refused here may succeed
   */
  FaultyOut(Agent agent, Consumer<Passing> judge, Runnable onRoom) {
    this.agent = agent;
    this.judge = judge;
    this.onRoom = onRoom;
    timer = agent.timer(this::drain);
    for (int i = 0; i < held.length; i++) {
      held[i] = new HeldTlps();
    }
  }

  /** A stream begins, or there is none any more (null): nothing that waits goes there. */
  void connect(TlpOut out) {
    link = out;
    forget();
  }

  /** Nothing that waits here is sent any more. */
  void forget() {
    for (HeldTlps each : held) {
      each.clear();
    }
    postedGone = postedTaken;
    roomWanted = false;
    quietWanted = false;
    timer.cancel();
  }

  /** Whether nothing waits here. */
  boolean isEmpty() {
    for (HeldTlps each : held) {
      if (!each.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether what registers hold is told in such a way that software asks nevertheless. */
  void staleEvents(boolean stale) {
    staleEvents = stale;
  }

  @Override
  public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
    if (!held[flow.ordinal()].hasRoom()) {
      roomWanted = true;
      return -1;
    }
    assert tlpBytes <= TlpLimits.TLP_BYTES_MAX;
    event = false;
    claimed = flow;
    claimedBytes = tlpBytes;
    return 0;
  }

  @Override
  public MemorySegment segment() {
    return event ? link.segment() : passing.segment;
  }

  @Override
  public void commit() {
    if (event) {
      link.commit();
      return;
    }
    judge.accept(passing.begin(claimedBytes));
    if (passing.lost) {
      return;
    }
    long barrier = postedTaken;
    if (claimed == FlowClass.POSTED) {
      postedTaken++;
    }
    HeldTlps queue = held[claimed.ordinal()];
    int dataBytes = passing.tlp.dataBytes();
    boolean now = passing.delayNs == 0 && queue.isEmpty() && barrier == postedGone;
    if (now && send(claimed, passing.segment, passing.tlpBytes, dataBytes)) {
      return;
    }
    queue.add(passing.bytes(), dataBytes, agent.nowNs() + passing.delayNs, barrier);
    arm();
  }

  private boolean send(FlowClass flow, MemorySegment from, int bytes, int dataBytes) {
    long at = link.claim(flow, bytes, dataBytes);
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(from, 0, link.segment(), at, bytes);
    link.commit();
    if (flow == FlowClass.POSTED) {
      postedGone++;
    }
    return true;
  }

  /** Sends what may go by now. */
  void drain() {
    if (link == null) {
      return;
    }
    triedNs = agent.nowNs();
    for (FlowClass flow : FlowClass.values()) {
      drain(flow, held[flow.ordinal()]);
    }
    arm();
    boolean quiet = held[FlowClass.POSTED.ordinal()].isEmpty();
    if (quietWanted && quiet || roomWanted && ample()) {
      quietWanted = false;
      roomWanted = false;
      onRoom.run();
    }
  }

  private void drain(FlowClass flow, HeldTlps queue) {
    // A posted one's barrier is its own number: all before it have gone when it is the head.
    while (queue.ready(triedNs, flow == FlowClass.POSTED ? Long.MAX_VALUE : postedGone)) {
      byte[] tlp = queue.head();
      if (!send(flow, MemorySegment.ofArray(tlp), tlp.length, queue.headDataBytes())) {
        return;
      }
      queue.pop();
    }
  }

  private boolean ample() {
    for (HeldTlps each : held) {
      if (!each.hasAmpleRoom()) {
        return false;
      }
    }
    return true;
  }

  /**
   * For the next one that waits for its time. What was due when it was last tried waits for
   * something else, and is told of that; what has fallen due since must not be forgotten.
   */
  private void arm() {
    long dueNs = Long.MAX_VALUE;
    for (HeldTlps each : held) {
      dueNs = each.dueNs() > triedNs ? Math.min(dueNs, each.dueNs()) : dueNs;
    }
    if (dueNs == Long.MAX_VALUE) {
      timer.cancel();
    } else {
      timer.arm(Math.max(1, dueNs - agent.nowNs()));
    }
  }

  @Override
  public boolean events() {
    return link.events();
  }

  @Override
  public long claimEvent(int bar, long offset, int changes, int bytes) {
    if (!mayTell()) {
      return -1;
    }
    event = true;
    int seen = staleEvents ? changes - CHANGES_LONG_AGO : changes;
    return link.claimEvent(bar, offset, seen, bytes);
  }

  @Override
  public boolean harmless(int bar, long offset, long bytes) {
    return mayTell() && link.harmless(bar, offset, bytes);
  }

  /** What registers hold is told after all that was written before. */
  private boolean mayTell() {
    boolean quiet = held[FlowClass.POSTED.ordinal()].isEmpty();
    quietWanted |= !quiet;
    return quiet;
  }
}
