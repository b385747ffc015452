package farslot.vfiouser;

import farslot.memory.MessagedMemory;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Guest memory by messages: DMA_READ and DMA_WRITE sent to the client, in the order of the calls,
 * several under way at once. Only one reply in time counts; later ones are told by their id.
 */
final class MessagedDma implements MessagedMemory {
  /** Most transfers under way; beyond this the client has stopped answering. */
  static final int TRANSFERS_MAX = 4096;

  private static final int BYTES_MAX = 4096;

  /** Ids of our messages: the transfer's slot, and above it a number that tells its uses apart. */
  private static final int USE_SHIFT = 12;

  /** What the session does for us. */
  interface Line {
    Outbox outbox();

    /** Something was appended: to be sent at the end of this turn at the latest. */
    void appended();

    /** Too many transfers: end the session, not from inside this call. */
    void overrun();
  }

  private final Line line;
  private final int chunkBytesMax;
  private final Transfer[] slots = new Transfer[TRANSFERS_MAX];
  private final ArrayDeque<Transfer> underWay = new ArrayDeque<>();
  private final ArrayDeque<Transfer> free = new ArrayDeque<>();
  private int made;
  private boolean closed;

  /** One call and its messages. */
  private static final class Transfer {
    private final int slot;
    private int use;
    private boolean active;
    private boolean reading;
    private long iova;
    private int bytes;
    private int answered;
    private int repliesDue;
    private boolean ok;
    private Done done;
    private long cookie;
    private long startedNs;

    /** Only for reads that take several messages. */
    private MemorySegment gathered;

    private Transfer(int slot) {
      this.slot = slot;
    }

    private int id() {
      return slot | use << USE_SHIFT & 0xFFFF;
    }
  }

  /**
   * @param dataBytesMax what the client takes in one message
   */
  MessagedDma(Line line, int dataBytesMax) {
    this.line = line;
    chunkBytesMax = Math.min(BYTES_MAX, dataBytesMax);
  }

  @Override
  public void read(long iova, int bytes, Done done, long cookie) {
    Transfer transfer = begin(true, iova, bytes, done, cookie);
    if (transfer == null) {
      return;
    }
    for (int at = 0; at < bytes; at += chunkBytesMax) {
      append(transfer, Wire.DMA_READ, iova + at, Math.min(chunkBytesMax, bytes - at), 0);
    }
    line.appended();
  }

  @Override
  public void write(long iova, MemorySegment from, long offset, int bytes, Done done, long cookie) {
    Transfer transfer = begin(false, iova, bytes, done, cookie);
    if (transfer == null) {
      return;
    }
    for (int at = 0; at < bytes; at += chunkBytesMax) {
      int count = Math.min(chunkBytesMax, bytes - at);
      long to = append(transfer, Wire.DMA_WRITE, iova + at, count, count);
      MemorySegment.copy(from, offset + at, line.outbox().segment(), to, count);
    }
    line.appended();
  }

  /** Whether nothing is under way. */
  boolean isIdle() {
    return underWay.isEmpty();
  }

  /** Whether anything under way touches the range. */
  boolean touches(long iova, long bytes) {
    for (Transfer each : underWay) {
      if (touches(each, iova, bytes)) {
        return true;
      }
    }
    return false;
  }

  /** A reply from the client; false if nobody waits for it. */
  boolean onReply(VfioUserMessage reply) {
    Transfer transfer = slots[reply.id() & TRANSFERS_MAX - 1];
    boolean fits =
        transfer != null
            && transfer.active
            && transfer.id() == reply.id()
            && reply.command() == (transfer.reading ? Wire.DMA_READ : Wire.DMA_WRITE);
    if (!fits) {
      return false;
    }
    if (transfer.reading) {
      onReadReply(transfer, reply);
    } else {
      // Clients differ in what they send after a write: the header alone says whether it went well.
      transfer.ok &= !reply.isError();
      onChunk(transfer, null, 0);
    }
    return true;
  }

  /** Gives up what has been under way for longer than this. */
  void expire(long nowNs, long ageNs) {
    Transfer first;
    while ((first = underWay.peek()) != null && nowNs - first.startedNs >= ageNs) {
      finish(first, false, null, 0);
    }
  }

  /** Gives up what touches the range. */
  void abandon(long iova, long bytes) {
    for (Transfer each : underWay.toArray(Transfer[]::new)) {
      if (touches(each, iova, bytes)) {
        finish(each, false, null, 0);
      }
    }
  }

  /** The session has ended: everything under way has failed. */
  void close() {
    closed = true;
    abandonAll();
  }

  /** Gives up everything under way. */
  void abandonAll() {
    Transfer first;
    while ((first = underWay.peek()) != null) {
      finish(first, false, null, 0);
    }
  }

  private static boolean touches(Transfer each, long iova, long bytes) {
    long into = each.iova - iova;
    return into >= 0 ? into < bytes : -into < each.bytes;
  }

  private Transfer begin(boolean reading, long iova, int bytes, Done done, long cookie) {
    if (bytes < 1 || bytes > BYTES_MAX) {
      throw new IllegalArgumentException(bytes + " bytes");
    }
    Transfer transfer = free.poll();
    if (transfer == null) {
      transfer = new Transfer(made);
      if (made < TRANSFERS_MAX) {
        slots[made] = transfer;
      }
      made++;
    }
    transfer.use++;
    transfer.active = true;
    transfer.reading = reading;
    transfer.iova = iova;
    transfer.bytes = bytes;
    transfer.answered = 0;
    transfer.repliesDue = (bytes + chunkBytesMax - 1) / chunkBytesMax;
    transfer.ok = true;
    transfer.done = done;
    transfer.cookie = cookie;
    transfer.startedNs = System.nanoTime();
    underWay.add(transfer);
    boolean room = line.outbox().hasRoom(2 * BYTES_MAX + transfer.repliesDue * 64);
    if (closed || transfer.slot >= TRANSFERS_MAX || !room) {
      line.overrun();
      return null;
    }
    return transfer;
  }

  private long append(Transfer transfer, int command, long iova, int count, int dataBytes) {
    Outbox outbox = line.outbox();
    long at = outbox.append(transfer.id(), command, 0, 0, Wire.DMA_BYTES + dataBytes);
    outbox.segment().set(VfioUserMessage.U64, at + Wire.DMA_ADDRESS_AT, iova);
    outbox.segment().set(VfioUserMessage.U64, at + Wire.DMA_COUNT_AT, count);
    return at + Wire.DMA_BYTES;
  }

  private void onReadReply(Transfer transfer, VfioUserMessage reply) {
    int count = Math.min(chunkBytesMax, transfer.bytes - transfer.answered);
    boolean good =
        !reply.isError()
            && reply.payloadBytes() >= Wire.DMA_BYTES + count
            && reply.u64(Wire.DMA_COUNT_AT) == count;
    long at = reply.payloadAt() + Wire.DMA_BYTES;
    transfer.ok &= good;
    if (transfer.bytes <= chunkBytesMax || !good) {
      onChunk(transfer, reply.segment(), at);
      return;
    }
    if (transfer.gathered == null) {
      transfer.gathered = Arena.ofAuto().allocate(BYTES_MAX, Long.BYTES);
    }
    MemorySegment.copy(reply.segment(), at, transfer.gathered, transfer.answered, count);
    onChunk(transfer, transfer.gathered, 0);
  }

  private void onChunk(Transfer transfer, MemorySegment data, long at) {
    transfer.answered = Math.min(transfer.bytes, transfer.answered + chunkBytesMax);
    if (--transfer.repliesDue == 0) {
      finish(transfer, transfer.ok, transfer.ok ? data : null, at);
    }
  }

  private void finish(Transfer transfer, boolean ok, MemorySegment data, long at) {
    underWay.remove(transfer);
    transfer.active = false;
    Done done = transfer.done;
    transfer.done = null;
    if (transfer.slot < TRANSFERS_MAX) {
      free.add(transfer);
    }
    done.done(transfer.cookie, ok, data, at);
  }
}
