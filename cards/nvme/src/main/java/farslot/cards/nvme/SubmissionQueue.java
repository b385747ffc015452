package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.function.Dma;
import farslot.function.FetchOrder;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A submission queue (Base 3.3.1). Entries are fetched in runs, several runs at once, and taken in
 * order however the reads finish: an entry is reported as consumed (SQHD) only when it is here, for
 * the server may then write over it.
 */
final class SubmissionQueue implements Dma.Done {
  private static final int SLOT_BITS = 8;

  final int id;
  private final Controller controller;
  private final CommandPool pool;

  /**
   * Entries that have been asked for and not taken, one after the other in a ring: not at places of
   * their own, for in a queue of 129 the last entry and the first would share one.
   */
  private final MemorySegment window =
      Arena.ofAuto().allocate(NvmeLimits.WINDOW_ENTRIES * Sqe.BYTES, 4096);

  private final FetchOrder fetches = new FetchOrder(NvmeLimits.FETCHES_MAX);

  /** Tells answers to fetches of before a reset from those of after. */
  private int generation;

  private boolean open;
  private CompletionQueue cq;
  private long base;
  private int size;
  private int head;
  private int fetched;
  private int tail;

  /** Where in the window the entries at {@link #head} and {@link #fetched} are, or will be. */
  private int headAt;

  private int fetchedAt;

  /** A fused first command that waits for its second. */
  private Command fusedFirst;

  /** The Delete I/O Submission Queue command that waits for the rest to end, or null. */
  private Command deleter;

  private boolean deleting;

  /** Commands taken and not ended. */
  int outstanding;

  /** For the arbiter: the one behind it, and whether it is queued there. */
  SubmissionQueue next;

  boolean queued;

  SubmissionQueue(Controller controller, int id, CommandPool pool) {
    this.controller = controller;
    this.id = id;
    this.pool = pool;
  }

  void open(CompletionQueue cq, long base, int size) {
    this.cq = cq;
    this.base = base;
    this.size = size;
    head = 0;
    fetched = 0;
    tail = 0;
    headAt = 0;
    fetchedAt = 0;
    fusedFirst = null;
    deleter = null;
    deleting = false;
    cq.users++;
    open = true;
  }

  boolean isOpen() {
    return open;
  }

  CompletionQueue cq() {
    return cq;
  }

  int head() {
    return head;
  }

  int size() {
    return size;
  }

  /** Fetches that have not been answered. */
  int fetches() {
    return fetches.underWay();
  }

  /**
   * The server has written entries up to here.
   *
   * @return false when that is not in the queue, or runs over entries not taken yet
   */
  boolean submitted(int newTail) {
    if (newTail >= size) {
      return false;
    }
    if (distance(tail, newTail) + distance(head, tail) >= size) {
      return false;
    }
    tail = newTail;
    return true;
  }

  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + size;
  }

  /** Whether there are entries to fetch. */
  boolean hasEntries() {
    return open && !deleting && fetched != tail;
  }

  /** Whether another fetch may start now, as far as this queue's own window goes. */
  boolean canFetch() {
    return fetches.hasRoom() && distance(head, fetched) < NvmeLimits.WINDOW_ENTRIES;
  }

  /** Fetches a run of at most {@code max} entries; contexts and completion entries are there. */
  void fetch(int max) {
    int at = fetchedAt;
    int count = Math.min(max, distance(fetched, tail));
    count = Math.min(count, size - fetched);
    count = Math.min(count, NvmeLimits.WINDOW_ENTRIES - at);
    count = Math.min(count, NvmeLimits.WINDOW_ENTRIES - distance(head, fetched));
    pool.reserve(count);
    cq.reserve(count);
    int slot = fetches.begin(count);
    long address = base + (long) fetched * Sqe.BYTES;
    fetched = (fetched + count) % size;
    fetchedAt = (at + count) % NvmeLimits.WINDOW_ENTRIES;
    controller
        .dma()
        .read(
            address,
            window,
            (long) at * Sqe.BYTES,
            count * Sqe.BYTES,
            this,
            (long) generation << SLOT_BITS | slot);
  }

  CommandPool pool() {
    return pool;
  }

  @Override
  public void done(long cookie, CompletionStatus result) {
    if ((int) (cookie >>> SLOT_BITS) != generation) {
      return; // abandoned by a reset
    }
    if (result != CompletionStatus.SC) {
      // Without its commands the controller cannot go on (Base 9.5: it sets CSTS.CFS).
      controller.fatal();
    }
    fetches.ended((int) cookie & (1 << SLOT_BITS) - 1);
    for (int count = fetches.take(); count > 0; count = fetches.take()) {
      take(count);
    }
    checkDeleted();
    controller.fetchEnded(this);
  }

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      if (!open || deleting || controller.stopped()) {
        pool.unreserve(count - i);
        cq.unreserve(count - i);
        return;
      }
      Command command = pool.take();
      MemorySegment.copy(window, (long) headAt * Sqe.BYTES, command.sqe, 0, Sqe.BYTES);
      headAt = (headAt + 1) % NvmeLimits.WINDOW_ENTRIES;
      head = head + 1 == size ? 0 : head + 1;
      outstanding++;
      command.begin(this);
      if (id != 0) {
        controller.ioBegan();
      }
      accept(command);
    }
  }

  /** Pairs fused commands (Base 3.4.2); all others are carried out at once. */
  private void accept(Command command) {
    int fuse = id == 0 ? Sqe.FUSE_NONE : command.fuse();
    Command first = fusedFirst;
    fusedFirst = null;
    if (first != null) {
      if (fuse == Sqe.FUSE_SECOND) {
        first.unpark();
        controller.executeFused(first, command);
        return;
      }
      endUnpaired(first, Status.ABORTED_MISSING_FUSED);
    }
    if (fuse == Sqe.FUSE_FIRST && cq.capacity() > 1) {
      fusedFirst = command;
      command.park();
    } else if (fuse == Sqe.FUSE_FIRST || fuse == Sqe.FUSE_SECOND) {
      command.complete(Status.ABORTED_MISSING_FUSED);
    } else {
      controller.execute(command);
    }
  }

  private static void endUnpaired(Command first, int status) {
    first.unpark();
    first.complete(status);
  }

  /** Whether a fused first command waits here. */
  boolean holdsFused() {
    return fusedFirst != null;
  }

  /** A queue of which nothing is under way but, perhaps, the first half of a fused pair. */
  void save(StateWriter state) {
    state.u16(id).u16(cq.id).i64(base).u16(size).u16(head).u16(tail).flag(holdsFused());
    if (holdsFused()) {
      // Its entry is consumed, so the server may have written over it.
      state.bytes(fusedFirst.sqe, 0, Sqe.BYTES);
    }
  }

  /** What is behind the two identifiers. */
  void restore(StateReader state, CompletionQueue to) throws StateException {
    long address = state.i64();
    open(to, address, state.u16("a submission queue's size", 2, NvmeLimits.QUEUE_ENTRIES_MAX));
    head = state.u16("its head", 0, size - 1);
    tail = state.u16("its tail", 0, size - 1);
    fetched = head;
    if (state.flag()) {
      boolean room = id != 0 && cq.capacity() > 1 && cq.available() > 0 && pool.available() > 0;
      state.require(room, "no room for a fused command");
      restoreFused(state);
    }
  }

  private void restoreFused(StateReader state) throws StateException {
    cq.reserve(1);
    pool.reserve(1);
    Command command = pool.take();
    outstanding++;
    command.begin(this);
    controller.ioBegan();
    command.park();
    fusedFirst = command;
    state.bytes(command.sqe, 0, Sqe.BYTES);
    state.require(command.fuse() == Sqe.FUSE_FIRST, "a fused command that is no first one");
  }

  /**
   * Delete I/O Submission Queue (Base 5.6): no more is fetched, what waits is aborted, what is
   * under way ends first.
   *
   * @param command to be resumed when that has happened; parked here if that is not now
   */
  void delete(Command command) {
    deleting = true;
    if (fusedFirst != null) {
      Command first = fusedFirst;
      fusedFirst = null;
      endUnpaired(first, Status.ABORTED_SQ_DELETION);
    }
    pool.abortWaiting(this, Status.ABORTED_SQ_DELETION);
    if (outstanding > 0 || fetches() > 0) {
      deleter = command;
      command.park();
    }
  }

  boolean deleting() {
    return deleting;
  }

  /** Resumes who deletes it, once nothing of it is under way. */
  void checkDeleted() {
    if (deleter != null && outstanding == 0 && fetches() == 0) {
      Command command = deleter;
      deleter = null;
      command.resume();
    }
  }

  void close() {
    open = false;
    cq.users--;
  }

  /**
   * The controller is being reset.
   *
   * @param dmaAbandoned fetches under way will not be answered any more
   */
  void reset(boolean dmaAbandoned) {
    open = false;
    fusedFirst = null;
    deleter = null;
    if (dmaAbandoned) {
      generation++;
      while (fetches() > 0) {
        pool.unreserve(fetches.drop());
      }
    }
  }
}
