package farslot.fabric;

import static farslot.fabric.LocalFunction.*;
import static farslot.fabric.PciRegisters.BAR_COUNT;

import java.lang.foreign.MemorySegment;

/** What a guest reads and writes, on its way to where it is answered: the card, or here. */
final class GuestAccesses {
  private final GuestView view;
  private final AccessTable accesses;
  private final PostedWrites posted;
  private final GuidedWrites guided;
  private final HeldDoorbell doorbell;
  private final RegisterCopy copy;

  GuestAccesses(
      GuestView view,
      AccessTable accesses,
      PostedWrites posted,
      GuidedWrites guided,
      HeldDoorbell doorbell,
      RegisterCopy copy) {
    this.doorbell = doorbell;
    this.copy = copy;
    this.view = view;
    this.accesses = accesses;
    this.posted = posted;
    this.guided = guided;
  }

  /** See {@link LocalFunction#read}. */
  void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    if (!reaches(region, offset, bytes)) {
      view.answerAbsent(region, offset, bytes, done, cookie);
      return;
    }
    MsixShadow shadow = view.shadow();
    if (shadow.covers(region, offset, bytes)) {
      done.done(cookie, shadow.table(), shadow.tableOffset(offset), bytes);
      return;
    }
    if (region < BAR_COUNT && !shadow.touches(region, offset, bytes)) {
      doorbell.flush();
      long at = copy.find(region, offset, bytes, !posted.flows() || accesses.anyWaits());
      if (at >= 0) {
        done.done(cookie, copy.values(), at, bytes);
        return;
      }
    }
    Access access = take(readKind(region), region, offset, bytes);
    if (access == null) {
      AccessTable.answerAllOnes(done, cookie, bytes);
      return;
    }
    access.readDone = done;
    access.cookie = cookie;
    accesses.start(access);
  }

  private Access.Kind readKind(int region) {
    if (region == REGION_CONFIG) {
      return Access.Kind.READ_CONFIG;
    }
    return view.io(region) ? Access.Kind.READ_IO : Access.Kind.READ_MEMORY;
  }

  /** See {@link LocalFunction#write}. */
  void write(
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    if (!reaches(region, offset, bytes)) {
      if (view.contains(region, offset, bytes)) {
        guided.onWriteWhileLost(region, offset, from, at, bytes);
      }
      done.done(cookie);
    } else if (region == REGION_CONFIG || view.io(region)) {
      writeNonPosted(region, offset, from, at, bytes, done, cookie);
    } else {
      writeMemory(region, offset, from, at, bytes);
      done.done(cookie);
    }
  }

  private boolean reaches(int region, long offset, int bytes) {
    return view.present() && view.contains(region, offset, bytes);
  }

  private Access take(Access.Kind kind, int region, long offset, int bytes) {
    Access access = accesses.take(kind, true, view.busAddress(region, offset), bytes);
    if (access != null) {
      access.region = region;
      access.offset = offset;
    }
    return access;
  }

  private void writeNonPosted(
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    boolean config = region == REGION_CONFIG;
    Access.Kind kind = config ? Access.Kind.WRITE_CONFIG : Access.Kind.WRITE_IO;
    Access access = take(kind, region, offset, bytes);
    if (access == null) {
      done.done(cookie);
      return;
    }
    access.writeDone = done;
    access.cookie = cookie;
    MemorySegment.copy(from, at, access.data(), 0, bytes);
    guided.onWrite(region, offset, from, at, bytes);
    accesses.start(access);
  }

  /** The MSI-X table stays here; what a write has beside it goes to the card. */
  private void writeMemory(int region, long offset, MemorySegment from, long at, int bytes) {
    MsixShadow shadow = view.shadow();
    if (!shadow.touches(region, offset, bytes)) {
      post(region, offset, from, at, bytes);
      return;
    }
    shadow.write(offset, from, at, bytes);
    int before = shadow.before(offset, bytes);
    int behind = shadow.behind(offset, bytes);
    if (before > 0) {
      post(region, offset, from, at, before);
    }
    if (behind > 0) {
      int skip = bytes - behind;
      post(region, offset + skip, from, at + skip, behind);
    }
  }

  private void post(int region, long offset, MemorySegment from, long at, int bytes) {
    guided.onWrite(region, offset, from, at, bytes);
    if (guided.lastCounts(region, offset, bytes)
        && doorbell.hold(
            view.busAddress(region, offset), from, at, bytes, guided.mayWait(region, offset))) {
      return;
    }
    if (!posted.write(view.busAddress(region, offset), from, at, bytes)) {
      guided.reset(); // The guide has seen what the card will not.
    }
  }
}
