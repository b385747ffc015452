package farslot.function.endpoint;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Everything that leaves a function, in the order that PCI Express demands (2.4.1): a posted
 * request waits for nothing but earlier posted ones; completions and non-posted requests never pass
 * a posted one that was there before them. What finds no room is parked here, encoded; only
 * non-posted requests wait with whoever makes them.
 */
final class Upstream {
  /** What tells the server of registers. */
  interface Events {
    /** Sends what registers hold now; false when there was no room for all of it. */
    boolean send(TlpOut out);
  }

  private static final int MARK_BYTES = 4;

  private final EndpointCounters counters;
  private final Runnable onOverflow;
  private final PushedBytes pushed;
  private final ParkedTlps posted;
  private final ParkedTlps completions;

  /** Null while no server is connected: then everything is dropped. */
  private TlpOut out;

  private boolean dropWrites;

  /** Something was lost; nothing posted may follow it, or it would arrive out of order. */
  private boolean overflowed;

  private long postedTaken;
  private long postedGone;
  private Events events = to -> true;

  /** {@link #postedTaken} when registers were last put behind others. */
  private long eventsBehind = -1;

  private MemorySegment segment = MemorySegment.NULL;
  private boolean direct;

  /**
   * @param pushed is told of what leaves here, for software may answer to it
   * @param onOverflow called when something had to be dropped for want of room; must not call back
   */
  Upstream(EndpointCounters counters, PushedBytes pushed, int parkedBytesMax, Runnable onOverflow) {
    this.counters = counters;
    this.pushed = pushed;
    this.onOverflow = onOverflow;
    posted = new ParkedTlps(parkedBytesMax);
    completions = new ParkedTlps(parkedBytesMax);
  }

  void connect(TlpOut newOut) {
    out = newOut;
  }

  void disconnect() {
    out = null;
    forgetAll();
  }

  boolean connected() {
    return out != null;
  }

  /** Hot Reset: nothing that waits is sent any more. */
  void forgetAll() {
    completions.clear();
    posted.clear();
    postedGone = postedTaken;
    overflowed = false;
  }

  /** FLR: no memory write is made any more; completions are still owed, and so are messages. */
  void forgetWrites() {
    posted.cancelMemoryWrites();
    overflowed = false;
    drain();
  }

  /**
   * Whether parked memory writes are dropped instead of sent: bus mastering is off. What waited
   * behind them goes out now, and need not wait for room that they will not take.
   */
  void dropWrites(boolean drop) {
    dropWrites = drop;
    drain();
  }

  /** Whether a posted TLP would go out at once. */
  boolean hasRoom() {
    return posted.isEmpty();
  }

  /** Whether something waits for room that the server will answer to. */
  boolean anyParked() {
    return !posted.isEmpty() || !completions.isEmpty();
  }

  /** Whether too much was parked since the last reset, so that some of it is lost. */
  boolean overflowed() {
    return overflowed;
  }

  /**
   * Room for a posted TLP, on the link or parked; put it at the offset returned in {@link
   * #segment()}, then {@link #commit}. -1: it is dropped.
   */
  long claimPosted(int tlpBytes, int dataBytes) {
    if (out == null || overflowed) {
      return -1;
    }
    pushed.answered();
    if (posted.isEmpty()) {
      long at = claimDirect(FlowClass.POSTED, tlpBytes, dataBytes);
      if (at >= 0) {
        postedTaken++;
        postedGone++;
        return at;
      }
    }
    long at = park(posted, tlpBytes, dataBytes);
    if (at >= 0) {
      postedTaken++;
    }
    return at;
  }

  void events(Events source) {
    events = source;
  }

  /** What registers hold is sent in its place among posted requests, now or when its turn comes. */
  void tellRegisters() {
    if (out == null || overflowed) {
      return;
    }
    pushed.answered();
    if (posted.isEmpty() && events.send(out)) {
      return;
    }
    if (!posted.isEmpty() && eventsBehind == postedTaken) {
      return; // They are told after all that waits already.
    }
    long at = park(posted, MARK_BYTES, 0);
    if (at >= 0) {
      segment.set(ValueLayout.JAVA_BYTE, at, ParkedTlps.MARK);
      postedTaken++;
      eventsBehind = postedTaken;
    }
  }

  /** As {@link #claimPosted}, for a MWr of so many bytes; what was pushed of them is void. */
  long claimWrite(long address, int bytes) {
    pushed.overwritten(address, bytes);
    int dataBytes = TlpEncoder.dataBytes(address, bytes);
    return claimPosted(TlpEncoder.memoryHeaderBytes(address) + dataBytes, dataBytes);
  }

  /** As {@link #claimPosted}, for a completion. */
  long claimCompletion(int tlpBytes, int dataBytes) {
    if (out == null) {
      return -1;
    }
    pushed.answered();
    if (completions.isEmpty() && posted.isEmpty()) {
      long at = claimDirect(FlowClass.COMPLETION, tlpBytes, dataBytes);
      if (at >= 0) {
        return at;
      }
    }
    return park(completions, tlpBytes, dataBytes);
  }

  /**
   * Room for a non-posted request on the link, or -1: try again when there is room.
   *
   * @param barrier {@link #barrier()} when the request was made
   */
  long claimNonPosted(int tlpBytes, int dataBytes, long barrier) {
    if (out == null || postedGone < barrier) {
      return -1;
    }
    return claimDirect(FlowClass.NON_POSTED, tlpBytes, dataBytes);
  }

  /** Stands for every posted TLP taken so far. */
  long barrier() {
    return postedTaken;
  }

  /** Where the last claim's offset counts. */
  MemorySegment segment() {
    return segment;
  }

  /** Ends a claim that succeeded. */
  void commit() {
    if (direct) {
      out.commit();
    }
  }

  /** Sends what is parked, as far as there is room. */
  void drain() {
    while (out != null && !posted.isEmpty()) {
      if (posted.cancelled() || dropWrites && posted.isMemoryWrite()) {
        counters.add(EndpointCounter.BUS_MASTER_OFF_DROPS);
      } else if (!send(FlowClass.POSTED, posted)) {
        break;
      }
      posted.pop();
      postedGone++;
    }
    while (out != null && !completions.isEmpty() && completions.barrier() <= postedGone) {
      if (!send(FlowClass.COMPLETION, completions)) {
        break;
      }
      completions.pop();
    }
  }

  private boolean send(FlowClass flow, ParkedTlps from) {
    if (from.isMark()) {
      return events.send(out);
    }
    long at = out.claim(flow, from.tlpBytes(), from.dataBytes());
    if (at < 0) {
      return false;
    }
    MemorySegment.copy(from.segment(), from.offset(), out.segment(), at, from.tlpBytes());
    out.commit();
    return true;
  }

  private long claimDirect(FlowClass flow, int tlpBytes, int dataBytes) {
    long at = out.claim(flow, tlpBytes, dataBytes);
    if (at >= 0) {
      segment = out.segment();
      direct = true;
    }
    return at;
  }

  private long park(ParkedTlps where, int tlpBytes, int dataBytes) {
    long at = where.append(tlpBytes, dataBytes, postedTaken);
    if (at < 0) {
      overflowed = true;
      counters.add(EndpointCounter.PARK_OVERFLOWS);
      onOverflow.run();
      return -1;
    }
    counters.add(EndpointCounter.PARKED_TLPS);
    segment = where.segment();
    direct = false;
    return at;
  }
}
