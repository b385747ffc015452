package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.function.DmaGuide;
import farslot.function.GuideProvider;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Shows a function's guide what the guest writes to the card's registers, before the card gets it.
 * A guide is help and no more: one that fails is not asked again, and the card reads by itself.
 */
final class GuidedWrites implements DmaTarget.WriteWatcher {
  /** Told of a guide that has failed. */
  interface Owner {
    void onGuideFailed(String name, Throwable cause);
  }

  private final List<GuideProvider> providers;
  private final GuidedMemory memory;
  private final Wire wire;
  private final LostCard lost;
  private final Owner owner;
  private GuideProvider provider;
  private DmaGuide guide;
  private boolean failed;

  GuidedWrites(
      List<GuideProvider> providers, GuidedMemory memory, Wire wire, LostCard lost, Owner owner) {
    this.providers = providers;
    this.memory = memory;
    this.wire = wire;
    this.lost = lost;
    this.owner = owner;
    memory.watcher(this);
  }

  /** A card has been looked at: the guide that knows it begins anew, when it is {@link #opened}. */
  void describe(FunctionFacts facts) {
    memory.describe(facts);
    if (guide == null && !failed) {
      choose(facts);
    }
  }

  /** The card can be used. If it has taken the place of a lost one, its guide may say so. */
  void opened() {
    if (lost.takeBelief() && guide != null) {
      try {
        guide.onReplaced(lost);
      } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
        fail(e);
      } catch (InternalError e) {
        memory.lost();
      }
    }
    reset();
  }

  private void choose(FunctionFacts facts) {
    int id = facts.wordAt(ID);
    for (GuideProvider each : providers) {
      if (each.knows(id & 0xFFFF, id >>> 16, facts.classCode())) {
        provider = each;
        guide = each.guide(memory);
        return;
      }
    }
  }

  /** The name of the guide that is at work, if there is one. */
  Optional<String> name() {
    return guide == null ? Optional.empty() : Optional.of(provider.name());
  }

  /** The card has been reset: nothing of before counts. */
  void reset() {
    lost.begin();
    memory.revoke();
    memory.watch(false);
    if (guide != null) {
      try {
        guide.reset();
      } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
        fail(e);
      }
    }
  }

  /**
   * The card is gone.
   *
   * @param wasOpen whether it could be used; otherwise one that was lost before is still the last
   * @param atWork whether its driver let it reach memory
   */
  void lost(boolean wasOpen, boolean atWork) {
    if (wasOpen) {
      lost.lost(atWork);
    }
    memory.forget();
    memory.watch(false);
  }

  /** The card may not read the server's memory any more. */
  void busMasterOff() {
    memory.revoke();
  }

  /** The server has taken memory away from the card. */
  void unmapped(long iova, long sizeBytes) {
    lost.disbelieve(); // What was a queue may be anything now.
    memory.unmapped(iova, sizeBytes);
  }

  /**
   * A guest's write to a BAR, as the card will get it.
   *
   * @param region 0 to 5; others are nothing to a guide
   */
  void onWrite(int region, long offset, MemorySegment from, long at, int bytes) {
    if (guide != null && region < BAR_COUNT && wire.pushes()) {
      show(region, offset, from, at, bytes);
    }
  }

  /** A guest's write that no card gets: it is gone. Whoever configures it has noticed. */
  void onWriteWhileLost(int region, long offset, MemorySegment from, long at, int bytes) {
    if (region >= BAR_COUNT) {
      lost.disbelieve();
    } else if (guide != null && lost.isBelieved()) {
      show(region, offset, from, at, bytes);
    }
  }

  private void show(int region, long offset, MemorySegment from, long at, int bytes) {
    memory.begin();
    try {
      guide.onWrite(region, offset, from, at, bytes);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      fail(e);
    } catch (InternalError e) {
      memory.lost();
    } finally {
      memory.end();
    }
  }

  @Override
  public void onCardWrite(long address, MemorySegment from, long at, int bytes) {
    try {
      guide.onCardWrite(address, from, at, bytes);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      fail(e);
    }
  }

  /** See {@link DmaGuide#lastCounts}. */
  boolean lastCounts(int region, long offset, int bytes) {
    return guide != null && region < BAR_COUNT && guide.lastCounts(region, offset, bytes);
  }

  /** See {@link DmaGuide#mayWait}. */
  boolean mayWait(int region, long offset) {
    return guide != null && guide.mayWait(region, offset);
  }

  private void fail(Throwable cause) {
    failed = true;
    memory.watch(false);
    guide = null;
    memory.revoke(); // What this write makes the card read is known to nobody now.
    owner.onGuideFailed(provider.name(), cause);
  }
}
