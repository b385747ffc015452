package farslot.link;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;

/**
 * One function's two ordered directions in a session: this is where its TLPs are sent, and its
 * {@code TlpIn} is where they arrive. Ends for good with {@code TlpIn.onDown}, except after {@link
 * #detach}, when nothing more is delivered. On the owner's thread only.
 */
public final class LinkStream implements TlpOut {
  private static final int CLASSES = FlowClass.values().length;

  private enum State {
    OPEN,
    /** Said goodbye; the number is taken until the peer has, too. */
    PARTING,
    CLOSED
  }

  private final LinkSession session;
  private final int id;
  private final String functionName;
  private final long epoch;
  private final TlpIn in;
  private final CreditGate gate;
  private final CreditMeter meter;
  private final int[] creditsWanted = new int[CLASSES];
  private State state = State.OPEN;
  private Runnable onEnd = () -> {};
  private int claimedBytes;
  private int claimedCredits;
  private FlowClass claimedFlow;
  private int blockedClasses;
  private boolean waitsForBuffer;
  private int bufferWanted;
  private boolean roomDue;
  private boolean creditsQueued;

  /**
   * @param granted what the peer lets us send
   * @param grants what we let the peer send
   */
  LinkStream(
      LinkSession session,
      int id,
      String functionName,
      long epoch,
      TlpIn in,
      Credits granted,
      Credits grants) {
    this.session = session;
    this.id = id;
    this.functionName = functionName;
    this.epoch = epoch;
    this.in = in;
    gate = new CreditGate(granted);
    meter = new CreditMeter(grants);
  }

  /** The session that it belongs to. */
  public LinkSession session() {
    return session;
  }

  /** 1 to 65535, unique in its session while it lives. */
  public int id() {
    return id;
  }

  /** The name under which the appliance exports the function. */
  public String functionName() {
    return functionName;
  }

  /** The assignment's number, which only grows from owner to owner. */
  public long epoch() {
    return epoch;
  }

  /** Low 16 bits of the epoch, as records carry them. */
  int epochTag() {
    return (int) epoch & 0xFFFF;
  }

  /** Whether it can still carry something, now or after recovery. */
  public boolean isUp() {
    return state == State.OPEN;
  }

  /** Where a class's credits stand at this end. */
  public CreditLevel credits(FlowClass flow) {
    return CreditLevel.of(flow, gate, meter);
  }

  CreditGate gate() {
    return gate;
  }

  CreditMeter meter() {
    return meter;
  }

  // Sending.

  @Override
  public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
    if (tlpBytes < 12 || tlpBytes > TlpLimits.TLP_BYTES_MAX || (tlpBytes & 3) != 0) {
      throw new IllegalArgumentException("no TLP has " + tlpBytes + " bytes");
    }
    if (state != State.OPEN) {
      return -1;
    }
    int credits = FlowCost.ofBytes(dataBytes);
    if (!gate.open(flow, credits)) {
      blockedClasses |= 1 << flow.ordinal();
      creditsWanted[flow.ordinal()] = credits;
      session.counters().claimsWithoutCredit++;
      return -1;
    }
    long at = session.sender().claim(tlpBytes);
    if (at < 0) {
      session.counters().claimsWithoutBuffer++;
      bufferWanted = tlpBytes;
      if (!waitsForBuffer) {
        waitsForBuffer = true;
        session.rooms().waitsForBuffer(this);
      }
      return -1;
    }
    claimedFlow = flow;
    claimedBytes = tlpBytes;
    claimedCredits = credits;
    return at;
  }

  @Override
  public MemorySegment segment() {
    return session.sender().claimSegment();
  }

  @Override
  public void commit() {
    assert claimedBytes > 0 : "commit without a claim";
    gate.consume(claimedFlow, claimedCredits);
    session.commit(id, epochTag(), claimedBytes);
    claimedBytes = 0;
  }

  /**
   * Sends a Hot Reset, ordered with the TLPs around it. Initiator to appliance only. Several that
   * wait for room are one.
   */
  public void hotReset() {
    if (state == State.OPEN && !session.sender().resetWaits(id)) {
      session.sender().control(id, epochTag(), ControlRecord.HotReset.ONLY);
    }
  }

  /** The CREDIT record of the classes that are due; returns its body's length. */
  int writeCredits(MemorySegment to, long at) {
    int bytes = meter.bodyBytes();
    FrameEncoder.record(to, at, id, FrameFormat.CREDIT, 0, bytes, epochTag());
    meter.write(to, at + FrameFormat.RECORD_HEADER_BYTES);
    return bytes;
  }

  void creditsTold() {
    creditsQueued = false;
  }

  // Receiving.

  /**
   * A TLP has come.
   *
   * @param firstDw see {@link FlowCost#firstDw}
   */
  void deliver(MemorySegment segment, long offset, int tlpBytes, int firstDw, boolean good) {
    FlowClass flow = FlowCost.flow(firstDw);
    int credits = FlowCost.dataCredits(firstDw);
    if (!meter.receive(flow, credits)) {
      session.counters().creditOverruns++;
      fail("the peer sent more " + flow + " than it has credits for");
      return;
    }
    if (good) {
      session.counters().tlpsReceived++;
      try {
        in.onTlp(segment, offset, tlpBytes);
      } catch (RuntimeException | AssertionError | InternalError e) {
        failed(e);
      }
    }
    if (meter.free(flow, credits) && !creditsQueued && state == State.OPEN) {
      creditsQueued = true;
      session.sender().creditsDue(this);
    }
  }

  /** One class of a CREDIT record. */
  void creditUpdate(FlowClass flow, int headers, int data) {
    int bit = 1 << flow.ordinal();
    if (!gate.update(flow, headers, data)) {
      session.counters().droppedCreditsInsane++;
    } else if ((blockedClasses & bit) != 0 && gate.open(flow, creditsWanted[flow.ordinal()])) {
      blockedClasses &= ~bit;
      if (!roomDue) {
        roomDue = true;
        session.rooms().creditsThere(this);
      }
    }
  }

  /** What the last claim that found no buffer wanted, bytes. */
  int bufferWanted() {
    return bufferWanted;
  }

  /** There is buffer again. */
  void bufferThere() {
    waitsForBuffer = false;
    room();
  }

  /** There are credits again. */
  void creditsThere() {
    roomDue = false;
    room();
  }

  private void room() {
    if (state == State.OPEN) {
      try {
        in.onRoom();
      } catch (RuntimeException | AssertionError | InternalError e) {
        failed(e);
      }
    }
  }

  void onHotReset() {
    try {
      in.onHotReset();
    } catch (RuntimeException | AssertionError | InternalError e) {
      failed(e);
    }
  }

  // The end.

  /** Called once, when the function is free for somebody else. */
  void onEnd(Runnable task) {
    onEnd = task;
  }

  /**
   * Gives the function back (initiator), or takes it away (appliance). What was committed before
   * still goes out; nothing more is delivered here.
   */
  public void detach(String cause) {
    if (state == State.OPEN) {
      end(State.PARTING, cause);
      session.part(this, cause);
    }
  }

  /** This end can or will not go on with it; the owner is told. */
  private void fail(String cause) {
    if (state == State.OPEN) {
      detach(cause);
      tellDown();
    }
  }

  private void failed(Throwable e) {
    session.counters().functionFailures++;
    fail("function failed: " + e);
  }

  /** The peer has said goodbye; true when this end had not yet. */
  boolean partedByPeer(String cause) {
    boolean unasked = state == State.OPEN;
    if (unasked) {
      end(State.CLOSED, cause);
      tellDown();
    }
    state = State.CLOSED;
    return unasked;
  }

  /** The session ended before the stream began. */
  void stillborn() {
    state = State.CLOSED;
  }

  /** The session is over. */
  void down(String cause) {
    if (state == State.OPEN) {
      end(State.CLOSED, cause);
      tellDown();
    }
    state = State.CLOSED;
  }

  private void end(State next, String cause) {
    state = next;
    session.listener().onEvent(new LinkEvent.StreamDown(this, cause));
    onEnd.run();
  }

  private void tellDown() {
    try {
      in.onDown();
    } catch (RuntimeException | AssertionError | InternalError e) {
      session.counters().functionFailures++;
    }
  }

  @Override
  public String toString() {
    return "stream %d ('%s', epoch %d)".formatted(id, functionName, epoch);
  }
}
