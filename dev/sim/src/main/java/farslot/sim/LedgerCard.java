package farslot.sim;

import static farslot.sim.LedgerSpec.*;

import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A card behind a real endpoint: counts what is written to it, and for each doorbell reads a
 * descriptor, writes data and a ring entry, and signals an interrupt.
 */
final class LedgerCard implements PciFunction, Dma.Done {
  private final World world;
  private final Slot slot;
  private final String who;
  private final FunctionSpec spec =
      new FunctionSpecBuilder(VENDOR_ID, DEVICE_ID, 0xFF0000)
          .memory32(0, BAR_BYTES)
          .msix(1, 0, MSIX_TABLE, MSIX_PBA)
          .readMostly(0, LAST, 8)
          .harmlessWrites(0, DOORBELL, 8)
          .build();
  private final MemorySegment descriptors = Arena.ofAuto().allocate(SLOTS * SLOT_BYTES, 8);
  private final MemorySegment data = Arena.ofAuto().allocate(SLOT_BYTES, 8);
  private FunctionPort port;
  private long last;
  private int ringNext;
  private int open;
  private boolean busMaster;

  LedgerCard(World world, Slot slot) {
    this.world = world;
    this.slot = slot;
    this.who = slot.name;
  }

  boolean isAtRest() {
    return open == 0;
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort to) {
    port = to;
  }

  @Override
  public long read(int bar, long offset, int bytes) {
    return offset == LAST ? last : 0;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    world.trace.count(offset, value);
    if (offset == COUNT) {
      world.judge.require(
          value == last + 1, Rule.POSTED_ONCE, "%s: write %d after %d", who, value, last);
      last = value;
    } else if (offset == DOORBELL) {
      open++;
      int at = LedgerSpec.slot(value) * SLOT_BYTES;
      port.dma().read(IOVA + DESCRIPTORS + at, descriptors, at, SLOT_BYTES, this, value);
    }
  }

  @Override
  public void done(long job, CompletionStatus status) {
    open--;
    if (world.trace.isSpoken()) {
      world.trace.say(who, "descriptor of " + Long.toHexString(job) + ": " + status);
    }
    boolean good = status == CompletionStatus.SC;
    // What its server has given up by a reset may end in any way, as long as nobody hears of it.
    boolean waitedFor = busMaster && slot.isJobOpen(job);
    world.judge.require(good || !waitedFor, Rule.ANSWERED_ONCE, "%s: job %x: %s", who, job, status);
    if (!good) {
      return;
    }
    for (int i = 0; i < SLOT_BYTES; i += 8) {
      long word = descriptors.get(ValueLayout.JAVA_LONG, LedgerSpec.slot(job) * SLOT_BYTES + i);
      world.judge.require(
          !waitedFor || word == pattern(job, false, i),
          Rule.BYTES_INTACT,
          "%s: descriptor of %x",
          who,
          job);
      data.set(ValueLayout.JAVA_LONG, i, pattern(job, true, i));
    }
    port.dma().write(IOVA + DATA + LedgerSpec.slot(job) * SLOT_BYTES, data, 0, SLOT_BYTES);
    data.set(ValueLayout.JAVA_LONG, 0, job);
    port.dma().write(IOVA + RING + 8 * (ringNext++ % RING_ENTRIES), data, 0, 8);
    port.interrupts().signal(VECTOR);
  }

  /** What a driver that switches it off has asked for before need not be done. */
  @Override
  public void busMaster(boolean enabled) {
    busMaster = enabled;
    world.trace.say(who, "bus master " + enabled);
  }

  @Override
  public void reset(ResetKind kind) {
    world.trace.say(who, "reset: " + kind);
    last = 0;
    ringNext = 0;
    open = 0;
  }
}
