package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.function.BlockStore;
import farslot.function.DataBuffer;
import farslot.function.Dma;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One command under way, pooled: its submission entry, its scatter list, its buffer, and what it
 * waits for. It counts what is pending and goes on when the count is zero.
 */
final class Command implements Dma.Done, BlockStore.Done {
  /** Marks, above the epoch in a DMA cookie, that a piece of list has come. */
  private static final long LIST = 1L << 32;

  final Controller controller;
  final MemorySegment sqe = Arena.ofAuto().allocate(Sqe.BYTES, 8);
  private final MemorySegment list = Arena.ofAuto().allocate(NvmeLimits.LIST_BYTES, 8);
  private final ScatterList scatter = new ScatterList();
  private final PrpWalker prp = new PrpWalker();
  private final SglWalker sgl = new SglWalker();
  private Walker walker;

  /** The pool that it belongs to, and the next in whichever list it is in. */
  final CommandPool pool;

  Command next;

  SubmissionQueue sq;
  Operation operation;
  DataBuffer buffer;
  Namespace namespace;

  /** The gate it is in, or null. */
  Gate gate;

  /** Wants its gate for itself. */
  boolean alone;

  /** The other half of a fused pair while that is under way, or null. */
  Command partner;

  // What the operation keeps here between its steps.
  int phase;
  long position;
  long bytes;
  long progress;
  int index;
  int dw0;

  private boolean active;
  private boolean orphaned;
  private boolean parked;
  private WaitList waitingIn;

  /** Pieces of the scatter list that have been asked for, and their bytes. */
  private boolean receiving;

  private int received;
  private long receivedBytes;

  private int status;
  private int pending;
  private int dmaPending;
  private int epoch;

  Command(Controller controller, CommandPool pool) {
    this.controller = controller;
    this.pool = pool;
  }

  // ---- the submission entry

  int opcode() {
    return LittleEndian.u8(sqe, Sqe.OPCODE);
  }

  int fuse() {
    return LittleEndian.u8(sqe, Sqe.FLAGS) & Sqe.FUSE_MASK;
  }

  int psdt() {
    return LittleEndian.u8(sqe, Sqe.FLAGS) >> Sqe.PSDT_SHIFT;
  }

  int cid() {
    return LittleEndian.u16(sqe, Sqe.CID);
  }

  int nsid() {
    return LittleEndian.i32(sqe, Sqe.NSID);
  }

  int cdw(int offset) {
    return LittleEndian.i32(sqe, offset);
  }

  long prp1() {
    return LittleEndian.i64(sqe, Sqe.PRP1);
  }

  // ---- life

  /** A new command of this queue; its entry is filled in. */
  void begin(SubmissionQueue sq) {
    this.sq = sq;
    epoch++;
    phase = 0;
    status = Status.SUCCESS;
    dw0 = 0;
    alone = false;
    receiving = false;
    active = true;
    orphaned = false;
  }

  boolean active() {
    return active;
  }

  /** Whether it waits for something of ours, and could be aborted. */
  boolean waiting() {
    return waitingIn != null;
  }

  /** Goes on as far as it can. */
  void run() {
    while (active && pending == 0) {
      if (orphaned) {
        release();
      } else if (status != 0) {
        complete(status);
      } else {
        operation.advance(this);
      }
    }
  }

  /** One thing that it waited for has come. */
  void ended() {
    pending--;
    run();
  }

  /** Lets it fail with this status when nothing is pending any more. The first failure counts. */
  void fail(int failure) {
    if (status == 0) {
      status = failure;
    }
  }

  /** Posts its completion and gives everything back. */
  void complete(int result) {
    int posted = result == Status.SUCCESS ? 0 : controller.failed(this, result);
    SubmissionQueue queue = sq;
    int cid = cid();
    Command other = partner;
    partner = null;
    release();
    queue.cq().post(queue, cid, posted, dw0);
    if (other != null) {
      other.partner = null;
      FusedPair.partnerEnded(other, result, opcode());
    }
    controller.commandEnded(queue);
  }

  /** Ends it without a completion for now: somebody else keeps its identifier. */
  void detach() {
    SubmissionQueue queue = sq;
    release();
    queue.cq().unreserve(1);
    controller.completionFreed(queue.cq());
    controller.commandEnded(queue);
  }

  private void release() {
    active = false;
    if (gate != null) {
      gate.leave(this);
    }
    if (buffer != null) {
      controller.buffers(buffer.capacity).release(buffer);
      buffer = null;
    }
    if (operation != null) {
      operation.released(this);
      operation = null;
    }
    namespace = null;
    sq.outstanding--;
    pool.release(this);
    if (sq.id != 0) {
      controller.ioEnded();
    }
    if (orphaned) {
      controller.orphanEnded();
    }
  }

  /**
   * The controller is being reset: it will post nothing and touch no memory of the server. It stays
   * until stores have let go of its buffer.
   *
   * @param dmaAbandoned no DMA of it will be answered any more
   */
  void abandon(boolean dmaAbandoned) {
    if (!orphaned) {
      orphaned = true;
      controller.orphanBegan();
    }
    partner = null;
    if (waitingIn != null || parked) {
      waitingIn = null;
      parked = false;
      pending--;
    }
    if (dmaAbandoned) {
      pending -= dmaPending;
      dmaPending = 0;
      epoch++;
    }
    run();
  }

  // ---- waiting

  /** Called by the list that it is put in. */
  void wait(WaitList waitList) {
    waitingIn = waitList;
    pending++;
  }

  /** It has been taken out of its list, or is to be parked no longer: it goes on soon. */
  void resume() {
    waitingIn = null;
    parked = false;
    controller.runnable(this);
  }

  /** Stops until somebody resumes it. */
  void park() {
    parked = true;
    pending++;
  }

  boolean parked() {
    return parked;
  }

  /** Takes back {@link #park}; the caller goes on with it. */
  void unpark() {
    parked = false;
    pending--;
  }

  /** Takes it out of the list that it waits in, to end it with this status. */
  void abort(int failure) {
    waitingIn.remove(this);
    fail(failure);
    resume();
  }

  // ---- steps

  /** Gets a buffer for so many bytes, perhaps later. */
  void wantBuffer(long bytes) {
    controller.buffers((int) bytes).acquire(this);
  }

  /** Enters the namespace's gate, perhaps later. */
  void enterGate() {
    if (namespace.formatting && sq.id != 0) {
      // Its position was counted in blocks of before.
      fail(Status.FORMAT_IN_PROGRESS);
    } else {
      namespace.gate.enter(this);
    }
  }

  /** Makes the scatter list. Pending while lists have to be read. */
  void map(int bytes, boolean toHost) {
    scatter.clear();
    int result;
    if (psdt() == Sqe.PSDT_PRP) {
      walker = prp;
      long prp2 = LittleEndian.i64(sqe, Sqe.PRP2);
      result = prp.begin(prp1(), prp2, bytes, controller.pageBytes(), scatter);
    } else {
      walker = sgl;
      result = sgl.begin(sqe, Sqe.SGL1, bytes, toHost, scatter);
    }
    mapped(result);
  }

  private void mapped(int result) {
    if (result == Walker.NEED_LIST) {
      dmaRead(walker.listAddress(), list, 0, walker.listBytes(), LIST);
    } else {
      fail(result);
    }
  }

  /** Reads the mapped data from the server into the buffer. */
  void receive() {
    receiving = true;
    received = 0;
    receivedBytes = 0;
    for (int i = 0; i < NvmeLimits.RECEIVES_MAX; i++) {
      receivePiece();
    }
  }

  private void receivePiece() {
    if (received < scatter.count()) {
      int length = scatter.bytes(received);
      dmaRead(scatter.address(received++), buffer.memory, receivedBytes, length, 0);
      receivedBytes += length;
    }
  }

  private void dmaRead(long address, MemorySegment to, long at, int length, long mark) {
    pending++;
    dmaPending++;
    controller.dma().read(address, to, at, length, this, mark | epoch & 0xFFFF_FFFFL);
  }

  @Override
  public void done(long cookie, CompletionStatus result) {
    if ((int) cookie != epoch || !active) {
      return; // abandoned by a reset
    }
    dmaPending--;
    if (result != CompletionStatus.SC) {
      fail(Status.DATA_TRANSFER_ERROR);
    } else if ((cookie & LIST) != 0 && !orphaned) {
      mapped(walker.next(list, scatter));
    } else if (receiving && status == Status.SUCCESS && !orphaned) {
      receivePiece();
    }
    ended();
    controller.settle();
  }

  /**
   * Writes the buffer to where it was mapped, or waits until the link has room: then false, and the
   * step is to be repeated.
   */
  boolean send() {
    return send(buffer.memory, 0);
  }

  /** As {@link #send}, what the store's memory holds. */
  boolean sendStored() {
    return send(storeMemory(), namespace.store.memoryOffset(position));
  }

  /** Where the store holds what the command is about, or null; see {@link BlockStore#memory}. */
  MemorySegment storeMemory() {
    return namespace.store.memory(position, (int) bytes);
  }

  /**
   * Puts the mapped data where it is to be stored, if all of it is here and the store is memory;
   * otherwise nothing has happened.
   */
  boolean storePushed() {
    if (!allPushed() || namespace.formatting || !namespace.gate.isFreeFor(this)) {
      return false;
    }
    MemorySegment to = namespace.store.memoryToWrite(position, (int) bytes);
    if (to == null) {
      return false;
    }
    namespace.gate.enter(this);
    long at = namespace.store.memoryOffset(position);
    for (int i = 0; i < scatter.count(); i++) {
      controller.dma().copyPushed(scatter.address(i), to, at, scatter.bytes(i));
      at += scatter.bytes(i);
    }
    // Only now, for a page may be named twice: software writes zeroes so.
    for (int i = 0; i < scatter.count(); i++) {
      controller.dma().dropPushed(scatter.address(i), scatter.bytes(i));
    }
    return true;
  }

  private boolean allPushed() {
    for (int i = 0; i < scatter.count(); i++) {
      if (!controller.dma().isPushed(scatter.address(i), scatter.bytes(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean send(MemorySegment from, long at) {
    if (!controller.dma().hasRoom()) {
      controller.waitForRoom(this);
      return false;
    }
    for (int i = 0; i < scatter.count(); i++) {
      int length = scatter.bytes(i);
      if (!scatter.discarded(i)) {
        controller.dma().write(scatter.address(i), from, at, length);
      }
      at += length;
    }
    return true;
  }

  void storeRead(long position, long offset, int bytes) {
    pending++;
    if (namespace.store.readAtOnce(position, buffer.memory, offset, bytes, this, 0)) {
      pending--;
    }
  }

  void storeWrite(long position, int bytes, boolean durable) {
    pending++;
    namespace.store.write(position, buffer.memory, 0, bytes, durable, this, 0);
  }

  void storeFlush() {
    pending++;
    namespace.store.flush(this, 0);
  }

  void storeDeallocate(long position, long bytes) {
    pending++;
    namespace.store.deallocate(position, bytes, this, 0);
  }

  void storeWriteZeroes(long position, long bytes, boolean durable) {
    pending++;
    namespace.store.writeZeroes(position, bytes, durable, this, 0);
  }

  @Override
  public void done(long cookie, BlockStore.Status result) {
    if (result != BlockStore.Status.OK) {
      fail(controller.storeFailed(result));
    }
    ended();
    controller.settle();
  }
}
