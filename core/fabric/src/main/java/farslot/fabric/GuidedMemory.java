package farslot.fabric;

import farslot.fabric.GuideCounts.Count;
import farslot.function.GuidePort;
import farslot.memory.Access;
import farslot.memory.DmaCopy;
import farslot.memory.DmaWindow;
import farslot.memory.DmaWindows;
import farslot.pcie.TlpLimits;
import java.lang.foreign.MemorySegment;

/**
 * The server's memory as a guide may use it: what the card may read, it may push.
 *
 * <p>The promise that this keeps (docs/spec/pcieoe.md, "Push"): of all that a write makes the card
 * read, there is at the card's end either what was pushed with this very write, or nothing. What is
 * named and not pushed, for whatever reason, is revoked before the write goes if it may be there
 * from before. A page stays among those that may be there until all are revoked, since nobody tells
 * us what the card has used up.
 */
final class GuidedMemory implements GuidePort {
  /** Told of the card's writes while the guide watches them. */
  private DmaTarget.WriteWatcher watcher;

  /** Bytes that one write may push: what is under way of it must leave others their credits. */
  static final int PUSHED_BYTES_MAX = 640 << 10;

  /** Ranges that one write may push, each inside a page. */
  static final int PUSHES_MAX = 512;

  private final Wire wire;
  private final DmaWindows windows;
  private final DmaTarget target;
  private final PostedWrites posted;
  private final PortCounters counters;
  private final GuideCounts counts;
  private final PushedPages pushed = new PushedPages();
  private FunctionFacts facts;
  private boolean open;
  private int bytesLeft;
  private int pushesLeft;

  GuidedMemory(
      Wire wire,
      DmaWindows windows,
      DmaTarget target,
      PostedWrites posted,
      PortCounters counters,
      GuideCounts counts) {
    this.wire = wire;
    this.windows = windows;
    this.target = target;
    this.posted = posted;
    this.counters = counters;
    this.counts = counts;
  }

  void watcher(DmaTarget.WriteWatcher to) {
    watcher = to;
  }

  @Override
  public void watch(boolean on) {
    target.watcher(on ? watcher : null);
  }

  void describe(FunctionFacts of) {
    facts = of;
  }

  /** A write is about to be shown to the guide. */
  void begin() {
    // What waits would be overtaken. And what the card has written, and has not arrived, would be
    // missing in what it reads.
    open = posted.flows() && target.settled() && target.busMaster();
    bytesLeft = PUSHED_BYTES_MAX;
    pushesLeft = PUSHES_MAX;
  }

  /** Memory has vanished under the guide's hands (see {@link RootPort#onTlp}). */
  void lost() {
    counters.add(PortEvent.DMA_MEMORY_LOST);
    revoke();
  }

  /** The guide has seen it. */
  void end() {
    open = false;
  }

  /** Nothing of before may be given to the card: it has been reset, or may not read any more. */
  void revoke() {
    if (!pushed.isEmpty()) {
      pushed.clear();
      counts.add(Count.REVOKES, 1);
      wire.revoke();
    }
  }

  /** The card is gone, and what was pushed with it. */
  void forget() {
    pushed.clear();
  }

  /** The server has taken memory away from the card. */
  void unmapped(long iova, long sizeBytes) {
    if (pushed.mayHold(iova, sizeBytes)) {
      revoke();
    }
  }

  @Override
  public int configDw(int offset) {
    return facts.wordAt(offset & ~3);
  }

  @Override
  public boolean read(long address, MemorySegment to, long offset, int bytes) {
    if (bytes <= 0
        || !target.busMaster()
        || windows.reach(address, bytes, Access.READ) != DmaWindows.Reach.MAPPED) {
      return false;
    }
    DmaCopy.read(windows, address, to, offset, bytes);
    return true;
  }

  @Override
  public void push(long address, int bytes, boolean steady) {
    int done = 0;
    while (done < bytes) {
      long at = address + done;
      int inPage = TlpLimits.PAGE_BYTES - (int) (at & TlpLimits.PAGE_BYTES - 1);
      int piece = Math.min(bytes - done, inPage);
      if (!pushPiece(at, piece, steady)) {
        counts.add(Count.REFUSED, 1);
        leave(at, bytes - done);
        return;
      }
      done += piece;
    }
  }

  private boolean pushPiece(long address, int bytes, boolean steady) {
    if (!open || pushesLeft == 0 || bytesLeft < bytes) {
      return false;
    }
    DmaWindow window = windows.find(address, bytes, Access.READ);
    if (window == null || window.mapped() == null) {
      return false;
    }
    long at = wire.claimPush(address, bytes, steady);
    if (at < 0) {
      open = false; // No credits: the write itself needs what may be left.
      return false;
    }
    MemorySegment.copy(window.mapped(), address - window.iova(), wire.segment(), at, bytes);
    wire.commit();
    pushed.add(address);
    pushesLeft--;
    bytesLeft -= bytes;
    counts.add(Count.PUSHES, 1);
    counts.add(Count.PUSHED_BYTES, bytes);
    return true;
  }

  @Override
  public void leave(long address, int bytes) {
    if (pushed.mayHold(address, bytes)) {
      revoke();
    }
  }

  @Override
  public void leaveAll() {
    revoke();
  }
}
