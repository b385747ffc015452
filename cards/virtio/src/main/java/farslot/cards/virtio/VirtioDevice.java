package farslot.cards.virtio;

import farslot.cards.virtio.spec.DeviceStatus;
import farslot.cards.virtio.spec.Feature;
import farslot.function.BlockStore;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Turn;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * The device: its parts, its status and features (2.1, 2.2), and its life from reset to reset.
 *
 * <p>A reset abandons requests at once, but is over, and device_status reads 0, only when the store
 * has finished what it was given: a write of before must not land on one of after (2.4).
 */
final class VirtioDevice {
  private final FunctionPort port;
  private final VirtioConfig config;
  private final long offered;
  private final Virtqueue[] queues;
  private final RequestPool pool = new RequestPool(this);
  private final BufferPool small =
      new BufferPool(VirtioLimits.SMALL_BYTES, VirtioLimits.SMALL_BUFFERS_MAX);
  private final BufferPool large =
      new BufferPool(VirtioLimits.CHUNK_BYTES, VirtioLimits.LARGE_BUFFERS_MAX);
  private final RequestList runnable = new RequestList();
  private final RequestList roomWaiting = new RequestList();
  private final InterruptUnit interrupts;
  private final BlockCommands commands;
  private final Counts counts = new Counts();
  private final Turn usedWrites;

  private int status;
  private long accepted;
  private boolean writeBack = true;

  /** Requests of before a reset whose buffers are still in use. */
  private int orphans;

  private boolean resetting;

  /** Waits for the end of a reset; null while nobody does. */
  private Runnable onRest;

  private boolean paused;
  private boolean settling;
  private boolean starving;

  /** The queue that was fed last. */
  private int turn;

  VirtioDevice(FunctionPort port, VirtioConfig config) {
    this.port = port;
    this.config = config;
    usedWrites = new Turn(port, this::writeAllUsed);
    offered = features(config);
    queues = new Virtqueue[config.queues()];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = new Virtqueue(this, config.queueSize());
    }
    interrupts = new InterruptUnit(port.interrupts(), config.vectors());
    commands = new BlockCommands(this, config.serial());
    port.dma().onRoom(this::room);
    config.store().open(port);
  }

  private static long features(VirtioConfig config) {
    long shared =
        Feature.VERSION_1
            | Feature.ACCESS_PLATFORM
            | Feature.ORDER_PLATFORM
            | Feature.INDIRECT_DESC
            | Feature.BLK_SIZE_MAX
            | Feature.BLK_SEG_MAX
            | Feature.BLK_BLK_SIZE
            | Feature.BLK_TOPOLOGY
            | Feature.BLK_FLUSH
            | Feature.BLK_CONFIG_WCE
            | Feature.BLK_MQ;
    long writing = Feature.BLK_DISCARD | Feature.BLK_WRITE_ZEROES;
    return shared | (config.store().readOnly() ? Feature.BLK_RO : writing);
  }

  // ---- parts

  Dma dma() {
    return port.dma();
  }

  BlockStore store() {
    return config.store();
  }

  RequestPool pool() {
    return pool;
  }

  BufferPool buffers(int capacity) {
    return capacity == VirtioLimits.SMALL_BYTES ? small : large;
  }

  InterruptUnit interrupts() {
    return interrupts;
  }

  BlockCommands commands() {
    return commands;
  }

  Counts counts() {
    return counts;
  }

  int queueCount() {
    return queues.length;
  }

  /** The queue, or null. */
  Virtqueue queue(int index) {
    return index < queues.length ? queues[index] : null;
  }

  /** Capacity in sectors of 512 bytes, whole blocks only. */
  long sectors() {
    return config.sectors();
  }

  boolean readOnly() {
    return config.store().readOnly();
  }

  // ---- features and status

  long offered() {
    return offered;
  }

  long accepted() {
    return accepted;
  }

  /** The driver chooses, until it says FEATURES_OK. */
  void accepted(long features) {
    if ((status & DeviceStatus.FEATURES_OK) == 0) {
      accepted = features;
    }
  }

  private boolean has(long feature) {
    return (accepted & feature) != 0;
  }

  boolean indirect() {
    return has(Feature.INDIRECT_DESC);
  }

  boolean writeBack() {
    return writeBack;
  }

  /** The writeback field (5.2.4), which is there only for who has accepted CONFIG_WCE. */
  void writeBack(boolean on) {
    writeBack = has(Feature.BLK_CONFIG_WCE) ? on : writeBack;
  }

  /** Whether writes are on stable media before they are reported (5.2.6.2). */
  boolean writesThrough() {
    return !has(Feature.BLK_FLUSH) || !writeBack;
  }

  int status() {
    return status;
  }

  /** Whether a reset is not over: nothing but that is heard. */
  boolean resetting() {
    return resetting;
  }

  /** The driver sets bits, or resets with 0 (2.1, 4.1.4.3.1). */
  void status(int value) {
    if (value == 0) {
      reset(false);
      return;
    }
    int set = value & DeviceStatus.DRIVER_BITS;
    boolean refused = (set & DeviceStatus.FEATURES_OK) != 0 && !featuresOk();
    set &= refused ? ~DeviceStatus.FEATURES_OK : -1;
    boolean ready = ((status | set) & DeviceStatus.FEATURES_OK) != 0;
    set &= ready ? -1 : ~DeviceStatus.DRIVER_OK;
    boolean starts = (set & ~status & DeviceStatus.DRIVER_OK) != 0;
    status |= set;
    if (starts) {
      for (Virtqueue queue : queues) {
        queue.look();
      }
    }
  }

  /** 2.2.2 and 6.2: nothing that was not offered, and what a modern device cannot do without. */
  private boolean featuresOk() {
    return (accepted & ~offered) == 0 && has(Feature.VERSION_1);
  }

  /** Whether requests are taken. */
  boolean running() {
    int wanted = DeviceStatus.DRIVER_OK | DeviceStatus.NEEDS_RESET;
    return (status & wanted) == DeviceStatus.DRIVER_OK && !resetting;
  }

  // ---- life

  /** The driver has done what no device could go on with: it is told, and nothing more is done. */
  void needsReset() {
    if (!running()) {
      return;
    }
    counts.needsReset++;
    status |= DeviceStatus.NEEDS_RESET;
    abandon(false);
    for (Virtqueue queue : queues) {
      queue.stop();
    }
    interrupts.configuration();
  }

  /** A reset of the function. */
  void resetFunction() {
    reset(true);
  }

  private void reset(boolean dmaAbandoned) {
    // What device_status reads until it is over.
    resetting = true;
    abandon(dmaAbandoned);
    for (Virtqueue queue : queues) {
      queue.reset(dmaAbandoned);
    }
    accepted = 0;
    writeBack = true;
    interrupts.reset();
    rest();
  }

  private void abandon(boolean dmaAbandoned) {
    small.reset();
    large.reset();
    roomWaiting.clear();
    runnable.clear();
    starving = false;
    orphanBegan(); // The first that goes is not the last.
    pool.abandon(dmaAbandoned);
    orphans--;
  }

  void orphanBegan() {
    orphans++;
  }

  void orphanEnded() {
    orphans--;
    rest();
  }

  /** A reset is over once nothing of before is under way. */
  void rest() {
    if (!resetting || orphans > 0) {
      return;
    }
    for (Virtqueue queue : queues) {
      if (queue.reading()) {
        return;
      }
    }
    resetting = false;
    status = 0;
    if (onRest != null) {
      Runnable task = onRest;
      onRest = null;
      task.run();
    }
  }

  /** Has something done when nothing of before the last reset is under way; one at a time. */
  void whenAtRest(Runnable task) {
    if (resetting) {
      onRest = task;
    } else {
      task.run();
    }
  }

  /** The slot is being emptied. */
  void unplug() {
    onRest = null;
    reset(true);
    config.store().close();
  }

  // ---- rest

  /** Whether no ring is looked at because the card is brought to rest. */
  boolean paused() {
    return paused;
  }

  void pause() {
    paused = true;
  }

  boolean isQuiet() {
    for (Virtqueue queue : queues) {
      if (queue.reading()) {
        return false;
      }
    }
    return pool.isIdle() && orphans == 0 && !resetting && !usedWrites.isDue();
  }

  void resume() {
    paused = false;
    starving = false;
    for (Virtqueue queue : queues) {
      queue.starved = false;
      queue.look();
    }
    settle();
  }

  void save(StateWriter state) {
    state.u8(status).i64(accepted).flag(writeBack);
    interrupts.save(state);
    state.u16(queues.length);
    for (Virtqueue queue : queues) {
      queue.save(state);
    }
  }

  void restore(StateReader state) throws StateException {
    status = state.u8() & (DeviceStatus.DRIVER_BITS | DeviceStatus.NEEDS_RESET);
    accepted = state.i64();
    writeBack = state.flag();
    boolean agreed = (status & DeviceStatus.FEATURES_OK) != 0;
    boolean driving = (status & DeviceStatus.DRIVER_OK) != 0;
    state.require(!agreed || featuresOk(), "features that are not offered here");
    state.require(agreed || !driving, "a driver that has agreed on no features");
    interrupts.restore(state);
    state.u16("queues", queues.length, queues.length);
    for (Virtqueue queue : queues) {
      queue.restore(state, interrupts);
    }
  }

  // ---- requests

  /**
   * Notification of a queue (4.1.5.2). One that is not enabled cannot have any; one that comes too
   * early is remembered.
   */
  void notified(int index) {
    if (resetting || index >= queues.length) {
      return;
    }
    counts.notifications++;
    if (queues[index].enabled()) {
      queues[index].notifyAvailable();
    } else {
      needsReset();
    }
    settle();
  }

  /** The queue waits for a context. */
  void starve(Virtqueue queue) {
    queue.starved = true;
    starving = true;
  }

  void runnable(Request request) {
    runnable.add(request);
  }

  void waitForRoom(Request request) {
    request.waitIn(roomWaiting);
  }

  private void room() {
    while (!roomWaiting.isEmpty() && dma().hasRoom()) {
      roomWaiting.remove().resume();
      settle();
    }
  }

  /**
   * The end of every event from outside: who can go on does, one after the other from here and not
   * from inside one another, for a thousand that fail in a row would otherwise be a stack.
   */
  void settle() {
    if (settling) {
      return;
    }
    settling = true;
    do {
      while (!runnable.isEmpty()) {
        runnable.remove().resumed();
      }
      feed();
    } while (!runnable.isEmpty());
    settling = false;
  }

  /** Contexts that have become free go to queues that wait for one. */
  private void feed() {
    if (!starving || pool.available() == 0) {
      return;
    }
    starving = false;
    for (int i = 0; i < queues.length; i++) {
      turn = turn + 1 == queues.length ? 0 : turn + 1;
      if (queues[turn].starved) {
        queues[turn].starved = false;
        queues[turn].look();
      }
    }
  }

  /** A queue has something for its used ring: now, or with others that end in this turn. */
  void used(Virtqueue queue) {
    counts.requests++;
    if (queue.outstanding() == 0) {
      queue.dirty = false;
      queue.writeUsed();
      return;
    }
    queue.dirty = true;
    usedWrites.later();
  }

  private void writeAllUsed() {
    for (Virtqueue queue : queues) {
      if (queue.dirty) {
        queue.dirty = false;
        queue.writeUsed();
      }
    }
  }

  void storeFailed(BlockStore.Status result) {
    counts.storeErrors++;
  }
}
