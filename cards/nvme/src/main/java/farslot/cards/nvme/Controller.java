package farslot.cards.nvme;

import farslot.cards.nvme.spec.Event;
import farslot.cards.nvme.spec.Property;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.function.BlockStore;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.util.List;

/**
 * The controller: its parts, and its life from CC.EN to CSTS.RDY and back (Base 3.5).
 *
 * <p>A reset abandons commands at once, but the controller is not ready again before stores have
 * finished what they were given: a write of before must not land on one of after.
 */
final class Controller {
  private final FunctionPort port;
  private final NvmeConfig config;
  private final List<Namespace> namespaces;
  private final CommandPool adminPool = new CommandPool(this, NvmeLimits.ADMIN_COMMANDS_MAX);
  private final CommandPool ioPool = new CommandPool(this, NvmeLimits.IO_COMMANDS_MAX);
  private final BufferPool small =
      new BufferPool(NvmeLimits.SMALL_BYTES, NvmeLimits.SMALL_BUFFERS_MAX);
  private final BufferPool large =
      new BufferPool(NvmeLimits.DATA_BYTES_MAX, NvmeLimits.LARGE_BUFFERS_MAX);
  private final RunQueue runQueue = new RunQueue();
  private final WaitList roomWaiting = new WaitList();
  private final Queues queues;
  private final Arbiter arbiter = new Arbiter(this);
  private final Batch batch;
  private final InterruptVectors vectors;
  private final AsyncEvents events = new AsyncEvents(this);
  private final ErrorLog errorLog = new ErrorLog();
  private final Features features;
  private final Health health;
  private final ChangedNamespaces changed;
  private final AdminCommands admin;
  private final IoCommands io;
  private final Shutdown shutdown;

  private int cc;
  private int csts;
  private int aqa;
  private long asq;
  private long acq;

  /** Commands of before a reset whose buffers stores still use. */
  private int orphans;

  /** Waits for what was under way before a reset; null while nobody does. */
  private Runnable onRest;

  private boolean paused;
  private int ioActive;
  private long busySinceNs;

  Controller(FunctionPort port, NvmeConfig config) {
    this.port = port;
    this.config = config;
    namespaces = config.namespaces();
    queues = new Queues(this, config.queues(), adminPool, ioPool);
    batch = new Batch(this, port);
    vectors = new InterruptVectors(port, config.vectors(), batch);
    features = new Features(this);
    health = new Health(this, port.nowNs());
    changed = new ChangedNamespaces(this);
    admin = new AdminCommands(this);
    io = new IoCommands(this);
    shutdown = new Shutdown(this);
    port.dma().onRoom(this::room);
    for (Namespace namespace : namespaces) {
      namespace.store.open(port);
    }
  }

  // ---- parts

  FunctionPort port() {
    return port;
  }

  Dma dma() {
    return port.dma();
  }

  NvmeConfig config() {
    return config;
  }

  List<Namespace> namespaces() {
    return namespaces;
  }

  /** The namespace, or null. */
  Namespace namespace(int nsid) {
    return nsid > 0 && nsid <= namespaces.size() ? namespaces.get(nsid - 1) : null;
  }

  BufferPool buffers(int bytes) {
    return bytes <= NvmeLimits.SMALL_BYTES ? small : large;
  }

  Queues queues() {
    return queues;
  }

  Arbiter arbiter() {
    return arbiter;
  }

  Batch batch() {
    return batch;
  }

  InterruptVectors vectors() {
    return vectors;
  }

  AsyncEvents events() {
    return events;
  }

  ErrorLog errorLog() {
    return errorLog;
  }

  Features features() {
    return features;
  }

  Health health() {
    return health;
  }

  ChangedNamespaces changed() {
    return changed;
  }

  // ---- registers

  int cc() {
    return cc;
  }

  int csts() {
    return csts;
  }

  /** It is what servers poll: they are told when it changes. */
  private void csts(int value) {
    if (csts != value) {
      csts = value;
      port.registersChanged();
    }
  }

  int aqa() {
    return aqa;
  }

  long asq() {
    return asq;
  }

  long acq() {
    return acq;
  }

  void aqa(int value) {
    aqa = value & (Property.AQA_SIZE_MASK << Property.AQA_ACQS_SHIFT | Property.AQA_SIZE_MASK);
  }

  void asq(long value) {
    asq = value & -(1L << NvmeLimits.PAGE_LOG2_MIN);
  }

  void acq(long value) {
    acq = value & -(1L << NvmeLimits.PAGE_LOG2_MIN);
  }

  /** Controller Configuration: enabling, disabling, shutting down. */
  void cc(int value) {
    int before = cc;
    cc = value & Property.CC_DEFINED;
    if (on(before) && !on(cc)) {
      abandon(false);
    }
    advance();
    if (shn(before) == 0 && shn(cc) != 0) {
      csts(csts & ~Property.CSTS_SHST_MASK | Property.CSTS_SHST_OCCURRING);
      shutdown.begin();
    }
  }

  private static boolean on(int cc) {
    return (cc & Property.CC_EN) != 0;
  }

  private static int shn(int cc) {
    return cc >> Property.CC_SHN_SHIFT & Property.CC_SHN_MASK;
  }

  /** Every store has flushed. */
  void shutdownEnded() {
    csts(csts & ~Property.CSTS_SHST_MASK | Property.CSTS_SHST_COMPLETE);
  }

  // ---- rest

  /** Whether no entries are fetched because the card is brought to rest. */
  boolean paused() {
    return paused;
  }

  void pause() {
    paused = true;
  }

  /** Commands, fetches and stores have ended, but fused ones that wait for their other half. */
  boolean isQuiet() {
    return adminPool.used() == 0
        && ioPool.used() == queues.fused()
        && orphans == 0
        && queues.fetches() == 0
        && !batch.isDue()
        && shutdown.isQuiet();
  }

  void resume() {
    paused = false;
    vectors.resume();
    queues.wake(arbiter);
    settle();
  }

  void saveRegisters(StateWriter state) {
    state.i32(cc).i32(csts).i32(aqa).i64(asq).i64(acq);
  }

  /** After the queues. What no life of a controller could have led to is refused. */
  void restoreRegisters(StateReader state) throws StateException {
    cc = state.i32() & Property.CC_DEFINED;
    csts = state.i32() & (Property.CSTS_RDY | Property.CSTS_CFS | Property.CSTS_SHST_MASK);
    aqa(state.i32());
    asq(state.i64());
    acq(state.i64());
    boolean ready = (csts & Property.CSTS_RDY) != 0;
    boolean begun = (csts & (Property.CSTS_RDY | Property.CSTS_CFS)) != 0;
    int shutdownStatus = csts & Property.CSTS_SHST_MASK;
    state.require(on(cc) == begun, "CC.EN and CSTS do not go together");
    state.require(ready == (queues.sq(0) != null), "CSTS.RDY and the queues do not go together");
    state.require(
        shutdownStatus == 0 || shutdownStatus == Property.CSTS_SHST_COMPLETE,
        "a shutdown is under way");
  }

  /** Bytes of a memory page, as CC.MPS says. */
  int pageBytes() {
    return 1 << NvmeLimits.PAGE_LOG2_MIN + (cc >> Property.CC_MPS_SHIFT & Property.CC_MPS_MASK);
  }

  /** Whether no command is fetched: not ready, shut down, or broken. */
  boolean stopped() {
    return (csts & (Property.CSTS_RDY | Property.CSTS_CFS | Property.CSTS_SHST_MASK))
            != Property.CSTS_RDY
        || !on(cc);
  }

  // ---- life

  /** Goes toward what CC.EN says, once nothing of before is under way. */
  private void advance() {
    if (queues.sq(0) != null || orphans > 0 || queues.fetches() > 0) {
      return; // running, or not yet at rest
    }
    if (!on(cc)) {
      int keep = shn(cc) == 0 ? 0 : Property.CSTS_SHST_MASK;
      csts(csts & (keep | ~(Property.CSTS_RDY | Property.CSTS_CFS | Property.CSTS_SHST_MASK)));
    } else if ((csts & Property.CSTS_CFS) == 0) {
      start();
    }
  }

  private void start() {
    int page = pageBytes();
    int sqSize = (aqa & Property.AQA_SIZE_MASK) + 1;
    int cqSize = (aqa >> Property.AQA_ACQS_SHIFT & Property.AQA_SIZE_MASK) + 1;
    if (!supported() || sqSize < 2 || cqSize < 2 || ((asq | acq) & page - 1) != 0) {
      csts(csts | Property.CSTS_CFS);
      return;
    }
    CompletionQueue cq = queues.newCq(0);
    cq.open(acq, cqSize, 0, true);
    queues.newSq(0).open(cq, asq, sqSize);
    csts(Property.CSTS_RDY);
  }

  private boolean supported() {
    int css = cc >> Property.CC_CSS_SHIFT & Property.CC_CSS_MASK;
    return (css == Property.CSS_NVM || css == Property.CSS_ALL)
        && (cc >> Property.CC_AMS_SHIFT & Property.CC_AMS_MASK) == 0
        && (cc >> Property.CC_MPS_SHIFT & Property.CC_MPS_MASK) <= NvmeLimits.MPS_MAX;
  }

  /** A reset of the function: everything but what was counted is as after power-on. */
  void reset() {
    if ((csts & Property.CSTS_RDY) != 0
        && (csts & Property.CSTS_SHST_MASK) != Property.CSTS_SHST_COMPLETE) {
      health.unsafeShutdown();
    }
    cc = 0;
    csts(0);
    aqa = 0;
    asq = 0;
    acq = 0;
    abandon(true);
  }

  private void abandon(boolean dmaAbandoned) {
    if (shn(cc) == 0) {
      shutdown.forget();
    }
    small.reset();
    large.reset();
    roomWaiting.clear();
    for (Namespace namespace : namespaces) {
      namespace.gate.reset();
    }
    arbiter.reset();
    batch.reset();
    queues.reset(dmaAbandoned);
    events.reset();
    vectors.reset();
    adminPool.abandon(dmaAbandoned);
    ioPool.abandon(dmaAbandoned);
    features.reset();
    changed.reset();
  }

  /** The controller cannot go on: CSTS.CFS until it is reset (Base 9.5). */
  void fatal() {
    if (!stopped()) {
      csts(csts | Property.CSTS_CFS); // First: whoever hears of the event may look here.
      events.raise(Event.TYPE_ERROR, Event.ERROR_PERSISTENT_INTERNAL);
    }
  }

  /** The slot is being emptied. */
  void unplug() {
    onRest = null;
    reset();
    for (Namespace namespace : namespaces) {
      namespace.store.close();
    }
  }

  // ---- commands

  void execute(Command command) {
    if (command.sq.id == 0) {
      admin.execute(command);
    } else {
      io.execute(command);
    }
  }

  void executeFused(Command first, Command second) {
    io.executeFused(first, second);
  }

  /** Notes a failed command; returns the status to post. */
  int failed(Command command, int status) {
    Namespace namespace = command.namespace;
    long lba =
        namespace == null || command.sq.id == 0 ? 0 : LittleEndian.i64(command.sqe, Sqe.CDW10);
    int posted = status | Status.MORE; // the Error Information log says more
    errorLog.record(command.sq.id, command.cid(), posted, lba, command.nsid());
    return posted;
  }

  /** What a store's failure is to the server. */
  int storeFailed(BlockStore.Status result) {
    return switch (result) {
      case OK -> Status.SUCCESS;
      case READ_ERROR -> mediaError(Status.UNRECOVERED_READ_ERROR);
      case WRITE_ERROR -> mediaError(Status.WRITE_FAULT);
      case READ_ONLY -> Status.WRITE_TO_READ_ONLY_RANGE;
      case NO_SPACE -> {
        health.outOfSpace(true);
        yield Status.CAPACITY_EXCEEDED;
      }
    };
  }

  private int mediaError(int status) {
    health.mediaError();
    return status;
  }

  /** A command of this queue has ended. */
  void commandEnded(SubmissionQueue sq) {
    sq.checkDeleted();
  }

  /** A completion entry can be set aside again. */
  void completionFreed(CompletionQueue cq) {
    if (cq.stalled) {
      queues.unstall(cq, arbiter);
    }
  }

  void ioBegan() {
    if (ioActive++ == 0) {
      busySinceNs = port.nowNs();
    }
  }

  void ioEnded() {
    if (--ioActive == 0) {
      health.busy(port.nowNs() - busySinceNs);
    }
  }

  void orphanBegan() {
    orphans++;
  }

  void orphanEnded() {
    orphans--;
    advance();
    rest();
  }

  /** Has something done when nothing of before the last reset is under way; one at a time. */
  void whenAtRest(Runnable task) {
    onRest = task;
    rest();
  }

  private void rest() {
    if (onRest != null && orphans == 0 && queues.fetches() == 0) {
      Runnable task = onRest;
      onRest = null;
      task.run();
    }
  }

  /** A fetch of this queue has ended. */
  void fetchEnded(SubmissionQueue sq) {
    arbiter.ready(sq);
    advance();
    rest();
    settle();
  }

  void runnable(Command command) {
    runQueue.add(command);
  }

  /** The end of every event from outside: who can go on does, and entries are fetched. */
  void settle() {
    runQueue.run();
    arbiter.run();
  }

  void waitForRoom(Command command) {
    roomWaiting.add(command);
  }

  private void room() {
    while (!roomWaiting.isEmpty() && dma().hasRoom()) {
      roomWaiting.remove().resume();
      runQueue.run();
    }
    arbiter.run();
  }
}
