package farslot.link;

import farslot.pcie.BigEndian;
import farslot.pcie.FlowClass;
import farslot.pcie.PortStream;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;

/**
 * One function's two ordered directions in a session: this is where its TLPs are sent, and its
 * {@code TlpIn} is where they arrive. Ends for good with {@code TlpIn.onDown}, except after {@link
 * #detach}, when nothing more is delivered. On the owner's thread only.
 */
public final class LinkStream implements TlpOut, PortStream {
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
  private final StreamInbox inbox;
  private final Shaping shaping;
  private final StreamShaper shaper = new StreamShaper(this);
  private final int[] creditsWanted = new int[CLASSES];
  private State state = State.OPEN;
  private Runnable onEnd = () -> {};
  private int claimedKind;
  private int claimedFlags;
  private int claimedBytes;
  private int claimedCredits;
  private FlowClass claimedFlow;
  private int blockedClasses;
  private boolean waitsForBuffer;
  private int bufferWanted;
  private boolean roomDue;
  private boolean creditsQueued;
  private boolean pushed;
  private long bytesSent;
  private long tlpsSent;

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
    inbox = new StreamInbox(this, in, meter);
    shaping = session.rooms().shaping;
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

  /** What was sent in it since it began: TLPs, pushes and events, bytes without the framing. */
  public long bytesSent() {
    return bytesSent;
  }

  /** What has come in it since it began, counted likewise. */
  public long bytesReceived() {
    return inbox.bytes();
  }

  /** TLPs sent in it since it began. */
  public long tlpsSent() {
    return tlpsSent;
  }

  /** TLPs that have come in it since it began. */
  public long tlpsReceived() {
    return inbox.tlps();
  }

  /** What this end lets it send, from now on; may be changed at any time. */
  public void qos(Qos qos) {
    if (state == State.OPEN && !qos.equals(shaper.qos())) {
      shaping.change(this, qos);
    }
  }

  /** What it may send and what it sends, for people. */
  public QosStatus qosStatus() {
    return shaper.status(session.nowNs);
  }

  StreamShaper shaper() {
    return shaper;
  }

  /** Its {@link Qos}, or others', no longer keeps it waiting. */
  void turnCame() {
    room();
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
    return claim(FrameFormat.TLP, flow, tlpBytes, FlowCost.ofBytes(dataBytes));
  }

  private long claim(int kind, FlowClass flow, int bodyBytes, int credits) {
    if (state != State.OPEN) {
      return -1;
    }
    if (!gate.open(flow, credits)) {
      blockedClasses |= 1 << flow.ordinal();
      creditsWanted[flow.ordinal()] = credits;
      session.counters().claimsWithoutCredit++;
      return -1;
    }
    if (shaping.on() && !shaping.admits(this, FrameFormat.wireBytes(bodyBytes))) {
      session.counters().claimsShaped++;
      return -1;
    }
    long at = session.sender().claim(bodyBytes);
    if (at < 0) {
      session.counters().claimsWithoutBuffer++;
      bufferWanted = bodyBytes;
      if (!waitsForBuffer) {
        waitsForBuffer = true;
        session.waitsForBuffer(this);
      }
      return -1;
    }
    claimed(kind, 0, flow, bodyBytes, credits);
    return at;
  }

  private void claimed(int kind, int flags, FlowClass flow, int bodyBytes, int credits) {
    claimedKind = kind;
    claimedFlags = flags;
    claimedFlow = flow;
    claimedBytes = bodyBytes;
    claimedCredits = credits;
  }

  @Override
  public MemorySegment segment() {
    return session.sender().claimSegment();
  }

  @Override
  public void commit() {
    assert claimedBytes > 0 : "commit without a claim";
    gate.consume(claimedFlow, claimedCredits);
    if (claimedFlow != FlowClass.NON_POSTED && !session.dials()) {
      inbox.countTold();
    }
    LinkCounters counters = session.counters();
    switch (claimedKind) {
      case FrameFormat.TLP -> {
        counters.tlpsSent++;
        tlpsSent++;
      }
      case FrameFormat.PUSH -> {
        counters.pushesSent++;
        counters.pushBytesSent += claimedBytes - FrameFormat.PUSH_HEADER_BYTES;
        pushed = true;
      }
      default -> counters.eventsSent++;
    }
    bytesSent += claimedBytes;
    if (shaping.on()) {
      shaping.sent(this, FrameFormat.wireBytes(claimedBytes));
    }
    session.commit(this, claimedKind, claimedFlags, claimedBytes);
    claimedBytes = 0;
  }

  @Override
  public boolean pushes() {
    return session.dials() && session.terms().push();
  }

  @Override
  public long claimPush(long address, int bytes, boolean steady) {
    if (bytes < 1 || !PushRecord.inOnePage(address, bytes)) {
      throw new IllegalArgumentException("%d bytes at %#x to push".formatted(bytes, address));
    }
    if (state != State.OPEN || !pushes()) {
      return -1;
    }
    int body = FrameFormat.PUSH_HEADER_BYTES + bytes;
    int credits = FlowCost.ofBytes(bytes);
    boolean open =
        gate.openAmply(FlowClass.POSTED, credits) && (!shaping.on() || shaping.admitsAmply(this));
    long at = open ? session.sender().claimAmply(body) : -1;
    if (at < 0) {
      session.counters().pushesRefused++;
      return -1;
    }
    claimed(
        FrameFormat.PUSH, steady ? FrameFormat.RECORD_STEADY : 0, FlowClass.POSTED, body, credits);
    PushRecord.header(segment(), at, address, inbox.told());
    return at + FrameFormat.PUSH_HEADER_BYTES;
  }

  @Override
  public void revoke() {
    // Nothing is pushed while one waits for room, so that several that wait are one.
    if (pushed && state == State.OPEN) {
      pushed = false;
      session.counters().revokesSent++;
      session.sender().revoke(this);
    }
  }

  @Override
  public boolean events() {
    return !session.dials() && session.terms().event();
  }

  @Override
  public long claimEvent(int bar, long offset, int changes, int bytes) {
    if (bytes < 1 || bytes > FrameFormat.EVENT_BYTES_MAX) {
      throw new IllegalArgumentException(bytes + " bytes of registers");
    }
    return claimEvent(bar, 0, offset, changes, bytes);
  }

  @Override
  public boolean harmless(int bar, long offset, long bytes) {
    long at = claimEvent(bar, FrameFormat.EVENT_HARMLESS, offset, 0, Integer.BYTES);
    if (at >= 0) {
      BigEndian.i32(segment(), at, (int) bytes);
      commit();
    }
    return at >= 0;
  }

  private long claimEvent(int bar, int flags, long offset, int changes, int bytes) {
    if (!events()) {
      return -1;
    }
    int body = FrameFormat.EVENT_HEADER_BYTES + bytes;
    long at = claim(FrameFormat.EVENT, FlowClass.POSTED, body, FlowCost.ofBytes(bytes));
    if (at < 0) {
      return -1;
    }
    EventRecord.header(segment(), at, bar, flags, changes, offset);
    return at + FrameFormat.EVENT_HEADER_BYTES;
  }

  @Override
  public TlpOut out() {
    return this;
  }

  @Override
  public int payloadBytesMax() {
    return session.payloadBytesMax();
  }

  /**
   * Sends a Hot Reset, ordered with the TLPs around it. Initiator to appliance only. Several that
   * wait for room are one.
   */
  @Override
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

  /** A record of TLPs, pushes or events has come. */
  void received(int bodyBytes) {
    if (shaping.on()) {
      shaper.received(FrameFormat.wireBytes(bodyBytes), session.nowNs);
    }
  }

  /** Where what has come goes. */
  StreamInbox inbox() {
    return inbox;
  }

  /** Credits have been freed that are worth telling of. */
  void creditsFreed() {
    if (!creditsQueued && state == State.OPEN) {
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
  @Override
  public void detach(String cause) {
    if (state == State.OPEN) {
      end(State.PARTING, cause);
      session.part(this, cause);
    }
  }

  /** This end can or will not go on with it; the owner is told. */
  void fail(String cause) {
    if (state == State.OPEN) {
      detach(cause);
      tellDown();
    }
  }

  void failed(Throwable e) {
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
    qos(Qos.NONE);
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
