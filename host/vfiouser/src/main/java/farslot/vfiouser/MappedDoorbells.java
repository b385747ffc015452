package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Mapping;
import farslot.linux.MemFd;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * NVMe's doorbells as memory that the client writes and the loop looks at, so that a write costs no
 * message (NVMe over PCIe Transport, 3.1.2: doorbells begin at BAR0 + 1000h, 4 bytes each).
 *
 * <p>A class of its own because it is true of this class of device alone: every register there is
 * 32 bits wide, write-only, has no side effect but its value, may be written twice and read once,
 * and never holds all-ones (queues have at most 65536 entries). All-ones therefore marks a doorbell
 * as not written: the loop swaps it in when it takes a value, so that a value written again after a
 * queue was made anew is seen again.
 *
 * <p>Looked at in every turn: the doorbells up to the highest one used so far, and a few of the
 * others, in rotation.
 */
final class MappedDoorbells implements EventLoop.Poller, LocalFunction.WriteDone, AutoCloseable {
  /** Base class, sub-class, programming interface: NVM Express I/O controller. */
  static final int NVME_CLASS = 0x010802;

  static final int BAR = 0;

  /** Where doorbells begin, and where the client's mapping does. */
  static final int FIRST_AT = 0x1000;

  private static final int DOORBELL_BYTES = 4;
  private static final int UNWRITTEN = -1;

  /** Unused doorbells looked at per turn. */
  private static final int SWEEP = 16;

  private static final ValueLayout.OfInt CELL = ValueLayout.JAVA_INT;
  private static final VarHandle CELLS = CELL.varHandle();

  private final EventLoop loop;
  private final LocalFunction function;
  private final int fd;
  private final Mapping mapping;
  private final MemorySegment memory;
  private final MemorySegment value = Arena.ofAuto().allocate(DOORBELL_BYTES, DOORBELL_BYTES);
  private final long endAt;
  private long usedEndAt = FIRST_AT;
  private long sweepAt = FIRST_AT;
  private long found;

  private MappedDoorbells(EventLoop loop, LocalFunction function, int fd, long endAt)
      throws ErrnoException {
    this.loop = loop;
    this.function = function;
    this.fd = fd;
    this.endAt = endAt;
    mapping = Mapping.shared(fd, 0, endAt, true);
    memory = mapping.segment();
    memory.asSlice(FIRST_AT).fill((byte) UNWRITTEN);
    loop.addPoller(this);
  }

  /** Whether a function's doorbells can be mapped. */
  static boolean fit(LocalFunction function) {
    return function.classCode() == NVME_CLASS && !function.region(BAR).io() && end(function) > 0;
  }

  /** Makes a fresh page for a session and begins to look at it. */
  static MappedDoorbells open(EventLoop loop, LocalFunction function) throws ErrnoException {
    long endAt = end(function);
    int fd = MemFd.create("farslot-doorbells", endAt);
    try {
      // The client has the descriptor too: it must not be able to take the memory away.
      MemFd.seal(fd, MemFd.SEAL_SHRINK | MemFd.SEAL_GROW);
      return new MappedDoorbells(loop, function, fd, endAt);
    } catch (ErrnoException e) {
      Fd.close(fd);
      throw e;
    }
  }

  /** What the client maps, from {@link #FIRST_AT} on. */
  int fd() {
    return fd;
  }

  long areaBytes() {
    return endAt - FIRST_AT;
  }

  /** Values taken so far. */
  long found() {
    return found;
  }

  @Override
  public int poll(long nowNs) {
    int count = 0;
    for (long at = FIRST_AT; at < usedEndAt; at += DOORBELL_BYTES) {
      count += look(at);
    }
    for (int i = 0; i < SWEEP && usedEndAt < endAt; i++) {
      if (sweepAt < usedEndAt || sweepAt >= endAt) {
        sweepAt = usedEndAt;
      }
      if (look(sweepAt) > 0) {
        count++;
        usedEndAt = sweepAt + DOORBELL_BYTES;
      }
      sweepAt += DOORBELL_BYTES;
    }
    return count;
  }

  /** Posted: there is nothing to wait for. */
  @Override
  public void done(long cookie) {}

  @Override
  public void close() {
    loop.removePoller(this);
    mapping.close();
    Fd.close(fd);
  }

  private int look(long at) {
    // A plain read first: swapping would take the cache line from the client in every turn.
    if (memory.get(CELL, at) == UNWRITTEN || !function.hasRoom()) {
      return 0;
    }
    int written = (int) CELLS.getAndSet(memory, at, UNWRITTEN);
    value.set(VfioUserMessage.U32, 0, written);
    found++;
    function.write(BAR, at, value, 0, DOORBELL_BYTES, this, 0);
    return 1;
  }

  private static long end(LocalFunction function) {
    long bytes = function.region(BAR).sizeBytes() / Wire.PAGE_BYTES * Wire.PAGE_BYTES;
    return bytes > FIRST_AT ? bytes : 0;
  }
}
