package farslot.cards.virtio;

import farslot.cards.virtio.spec.Blk;
import farslot.cards.virtio.spec.Ring;
import farslot.function.BlockStore;
import farslot.function.DataBuffer;
import farslot.function.Dma;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One request under way, pooled: its descriptors, its header, its buffer, and what it waits for. It
 * counts what is pending and goes on when the count is zero: first it follows its chain, then
 * {@link BlockCommands} leads it.
 */
final class Request implements Dma.Done, BlockStore.Done {
  private static final int TABLE_ENTRIES_FIRST = 8;

  // Phases, before BlockCommands' own.
  private static final int FOLLOW = 0;
  static final int BEGIN = 1;

  // What a DMA cookie says above the epoch.
  private static final long DATA = 0;
  private static final long DESCRIPTOR = 1L << 32;
  private static final long TABLE = 2L << 32;

  private final VirtioDevice device;
  private final Chain chain = new Chain();
  final MemorySegment header = Arena.ofAuto().allocate(Blk.HEADER_BYTES, 8);
  private final MemorySegment statusByte = Arena.ofAuto().allocate(1);
  private final MemorySegment descriptor = Arena.ofAuto().allocate(Ring.DESC_BYTES, 8);
  private MemorySegment table = tableFor(TABLE_ENTRIES_FIRST);

  /** The next in whichever list it is in. */
  Request next;

  DataBuffer buffer;

  // What BlockCommands keeps here between its steps.
  int phase;
  int type;
  long position;

  /** Bytes of data, how many of them have been seen to, and how many are being seen to. */
  long total;

  long progress;
  int chunk;

  private Virtqueue queue;
  private int head;
  private boolean active;
  private boolean orphaned;
  private boolean waiting;
  private int status;
  private long written;
  private int pending;
  private int dmaPending;
  private int epoch;

  // The transfer that is under way: a part of what the device may read, header included.
  private long streamAt;
  private long streamEnd;
  private long bufferAt;

  Request(VirtioDevice device) {
    this.device = device;
  }

  private static MemorySegment tableFor(int entries) {
    return Arena.ofAuto().allocate((long) entries * Ring.DESC_BYTES, 8);
  }

  // ---- life

  /** A new request of this queue: its chain begins with this descriptor. */
  void begin(Virtqueue of, int headIndex) {
    queue = of;
    head = headIndex;
    epoch++;
    phase = FOLLOW;
    status = Blk.S_OK;
    written = 0;
    total = 0;
    progress = 0;
    chunk = 0;
    active = true;
    orphaned = false;
    streamAt = 0;
    streamEnd = 0;
    chain.begin(of.size(), device.indirect());
    wantDescriptor(headIndex);
  }

  boolean active() {
    return active;
  }

  /** Goes on as far as it can. */
  void run() {
    while (active && pending == 0) {
      if (orphaned) {
        release();
      } else {
        device.commands().advance(this);
      }
    }
  }

  private void ended() {
    pending--;
    run();
  }

  /** It answers with this status, unless another was said before. */
  void fail(int failure) {
    status = status == Blk.S_OK ? failure : status;
  }

  boolean failed() {
    return status != Blk.S_OK;
  }

  /** Returns the buffers, with the status in the last byte of what may be written (5.2.6). */
  void complete() {
    long statusAt = chain.writeBytes() - Blk.STATUS_BYTES;
    statusByte.set(ValueLayout.JAVA_BYTE, 0, (byte) status);
    chain.seekWrite(statusAt);
    chain.piece(Blk.STATUS_BYTES);
    device.dma().write(chain.pieceAddress(), statusByte, 0, Blk.STATUS_BYTES);
    // 2.7.8.2: only what has been written from the beginning on counts.
    long used = written == statusAt ? written + Blk.STATUS_BYTES : written;
    Virtqueue of = queue;
    int index = head;
    release();
    of.complete(index, used);
  }

  private void release() {
    active = false;
    if (buffer != null) {
      device.buffers(buffer.capacity).release(buffer);
      buffer = null;
    }
    boolean was = orphaned;
    queue = null;
    device.pool().release(this);
    if (was) {
      device.orphanEnded();
    }
  }

  /**
   * The device is being reset, or cannot go on: the request returns nothing and touches no memory
   * of the server. It stays until stores and DMA have let go of its buffers.
   *
   * @param dmaAbandoned no DMA of it will be answered any more
   */
  void abandon(boolean dmaAbandoned) {
    if (!orphaned) {
      orphaned = true;
      device.orphanBegan();
    }
    if (waiting) {
      waiting = false;
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

  /** It goes on when somebody has taken it out of this list, and resumes it. */
  void waitIn(RequestList list) {
    waiting = true;
    pending++;
    list.add(this);
  }

  /** It goes on soon. */
  void resume() {
    device.runnable(this);
  }

  /** Its turn has come. */
  void resumed() {
    waiting = false;
    ended();
  }

  // ---- the chain

  private void wantDescriptor(int index) {
    long address = queue.descriptorAddress(index);
    dmaRead(address, descriptor, 0, Ring.DESC_BYTES, DESCRIPTOR);
  }

  private void wantTable() {
    int entries = chain.tableEntries();
    long bytes = (long) entries * Ring.DESC_BYTES;
    if (table.byteSize() < bytes) {
      table = tableFor(Integer.highestOneBit(2 * entries - 1));
    }
    dmaRead(chain.tableAddress(), table, 0, (int) bytes, TABLE);
  }

  private void followed(int wants) {
    switch (wants) {
      case Chain.WANTS_NEXT -> wantDescriptor(chain.next());
      case Chain.WANTS_TABLE -> wantTable();
      case Chain.DONE -> phase = BEGIN;
      default -> device.needsReset();
    }
  }

  /** Bytes that the device may read: header and data. */
  long readBytes() {
    return chain.readBytes();
  }

  /** Bytes that the device may write: data and status. */
  long writeBytes() {
    return chain.writeBytes();
  }

  // ---- steps

  /** Gets a buffer for so many bytes or for a piece of them, perhaps later. */
  void wantBuffer(long bytes) {
    int capacity =
        bytes <= VirtioLimits.SMALL_BYTES ? VirtioLimits.SMALL_BYTES : VirtioLimits.CHUNK_BYTES;
    device.buffers(capacity).acquire(this);
  }

  /** Reads the header and the first {@link #chunk} of data, all at once. */
  void receiveFirst() {
    receive(0, Blk.HEADER_BYTES + chunk, -Blk.HEADER_BYTES);
  }

  /** Reads the next {@link #chunk} of data into the buffer. */
  void receiveNext() {
    long from = Blk.HEADER_BYTES + progress;
    receive(from, from + chunk, -from);
  }

  private void receive(long from, long to, long shift) {
    streamAt = from;
    streamEnd = to;
    bufferAt = shift;
    chain.seekRead(from);
    for (int i = 0; i < VirtioLimits.RECEIVES_MAX && streamAt < streamEnd; i++) {
      receivePiece();
    }
  }

  private void receivePiece() {
    boolean inHeader = streamAt < Blk.HEADER_BYTES;
    long end = inHeader ? Math.min(streamEnd, Blk.HEADER_BYTES) : streamEnd;
    int bytes = chain.piece((int) (end - streamAt));
    MemorySegment to = inHeader ? header : buffer.memory;
    dmaRead(chain.pieceAddress(), to, inHeader ? streamAt : streamAt + bufferAt, bytes, DATA);
    streamAt += bytes;
  }

  private void dmaRead(long address, MemorySegment to, long at, int bytes, long mark) {
    pending++;
    dmaPending++;
    device.dma().read(address, to, at, bytes, this, mark | epoch & 0xFFFF_FFFFL);
  }

  @Override
  public void done(long cookie, CompletionStatus result) {
    if ((int) cookie != epoch || !active) {
      return; // abandoned by a reset
    }
    dmaPending--;
    if (!orphaned) {
      took(cookie & ~0xFFFF_FFFFL, result == CompletionStatus.SC);
    }
    ended();
    device.settle();
  }

  private void took(long mark, boolean well) {
    if (mark == DATA) {
      if (!well) {
        fail(Blk.S_IOERR);
        streamAt = streamEnd;
      } else if (streamAt < streamEnd) {
        receivePiece();
      }
    } else if (!well) {
      device.needsReset(); // Without descriptors there is nowhere to answer to.
    } else {
      followed(mark == TABLE ? chain.takeTable(table) : chain.take(descriptor, 0));
    }
  }

  /**
   * Writes {@link #chunk} bytes of the buffer to where the data go, or waits until the link has
   * room: then false, and the step is to be repeated.
   */
  boolean send() {
    if (!device.dma().hasRoom()) {
      device.waitForRoom(this);
      return false;
    }
    chain.seekWrite(progress);
    for (int at = 0; at < chunk; ) {
      int bytes = chain.piece(chunk - at);
      device.dma().write(chain.pieceAddress(), buffer.memory, at, bytes);
      at += bytes;
    }
    progress += chunk;
    written = progress;
    return true;
  }

  void storeRead() {
    pending++;
    if (device.store().readAtOnce(position + progress, buffer.memory, 0, chunk, this, 0)) {
      pending--;
    }
  }

  void storeWrite() {
    pending++;
    boolean durable = device.writesThrough();
    device.store().write(position + progress, buffer.memory, 0, chunk, durable, this, 0);
  }

  void storeFlush() {
    pending++;
    device.store().flush(this, 0);
  }

  void storeDeallocate(long at, long bytes) {
    pending++;
    device.store().deallocate(at, bytes, this, 0);
  }

  void storeWriteZeroes(long at, long bytes) {
    pending++;
    device.store().writeZeroes(at, bytes, device.writesThrough(), this, 0);
  }

  @Override
  public void done(long cookie, BlockStore.Status result) {
    if (result != BlockStore.Status.OK) {
      device.storeFailed(result);
      fail(Blk.S_IOERR);
    }
    ended();
    device.settle();
  }
}
