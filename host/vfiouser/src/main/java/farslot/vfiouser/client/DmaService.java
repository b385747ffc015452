package farslot.vfiouser.client;

import farslot.function.ForeignDevice.Access;
import farslot.linux.Errno;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A server's DMA_READ and DMA_WRITE commands, those of one channel: carried out as far as the slot
 * takes them, answered in the order in which they came.
 */
final class DmaService {
  /** Most that wait for their answer; a power of two. */
  private static final int COUNT_MAX = 256;

  /** Most bytes that reads which wait are about. */
  private static final int BYTES_MAX = 4 << 20;

  /** Buffers up to this are kept. */
  private static final int KEPT_BYTES_MAX = 64 << 10;

  /** In a cookie, whose it is; the rest is a serial number. */
  private static final int CHANNEL_BITS = 1;

  private static final class Transfer {
    private int id;
    private int command;
    private boolean noReply;
    private long address;
    private long count;
    private long serial;
    private boolean done;
    private int errno;
    private MemorySegment data = MemorySegment.NULL;
  }

  private final Outbox outbox;
  private final int channel;
  private final Transfer[] ring = new Transfer[COUNT_MAX];
  private long head;
  private long tail;
  private long readBytes;

  /**
   * @param channel 0 or 1
   */
  DmaService(Outbox outbox, int channel) {
    this.outbox = outbox;
    this.channel = channel;
    for (int i = 0; i < COUNT_MAX; i++) {
      ring[i] = new Transfer();
    }
  }

  /** Which service a cookie is of. */
  static int channel(long cookie) {
    return (int) cookie & (1 << CHANNEL_BITS) - 1;
  }

  static boolean isDma(VfioUserMessage command) {
    return command.command() == Wire.DMA_READ || command.command() == Wire.DMA_WRITE;
  }

  /** Whether another can be taken. */
  boolean hasRoom(Access access) {
    return tail - head < COUNT_MAX
        && readBytes < BYTES_MAX
        && (access == null || access.hasRoom())
        && outbox.hasRoom(ServerVersion.OUR_DATA_BYTES + Wire.HEADER_BYTES + Wire.DMA_BYTES);
  }

  /**
   * Carries a command out; {@code access} is null while there is no function for it. What the bytes
   * say wrongly is answered with an errno, as everything that is not permitted.
   */
  void onCommand(VfioUserMessage command, Access access) {
    Transfer transfer = ring[(int) (tail & COUNT_MAX - 1)];
    transfer.serial = tail++;
    transfer.id = command.id();
    transfer.command = command.command();
    transfer.noReply = command.noReply();
    transfer.done = false;
    transfer.errno = check(command);
    transfer.address = 0;
    transfer.count = 0;
    if (transfer.errno == 0) {
      transfer.address = command.u64(Wire.DMA_ADDRESS_AT);
      transfer.count = command.u64(Wire.DMA_COUNT_AT);
      begin(transfer, command, access);
    } else {
      transfer.done = true;
    }
    reply();
  }

  private void begin(Transfer transfer, VfioUserMessage command, Access access) {
    int bytes = (int) transfer.count;
    if (access == null) {
      transfer.errno = Errno.ENODEV;
      transfer.done = true;
    } else if (transfer.command == Wire.DMA_WRITE) {
      long at = command.payloadAt() + Wire.DMA_BYTES;
      boolean ok = access.onDmaWrite(transfer.address, command.segment(), at, bytes);
      transfer.errno = ok ? 0 : Errno.ENODEV;
      transfer.done = true;
    } else {
      readBytes += bytes;
      if (transfer.data.byteSize() < bytes) {
        int size = Math.max(4096, Integer.highestOneBit(bytes - 1) << 1);
        transfer.data = Arena.ofAuto().allocate(size, Long.BYTES);
      }
      long cookie = transfer.serial << CHANNEL_BITS | channel;
      access.onDmaRead(transfer.address, transfer.data, 0, bytes, cookie);
    }
  }

  private static int check(VfioUserMessage command) {
    if (!isDma(command)) {
      return Errno.ENOTSUP;
    }
    if (command.payloadBytes() < Wire.DMA_BYTES) {
      return Errno.EINVAL;
    }
    long address = command.u64(Wire.DMA_ADDRESS_AT);
    long count = command.u64(Wire.DMA_COUNT_AT);
    boolean size = count > 0 && count <= ServerVersion.OUR_DATA_BYTES;
    boolean wraps = Long.compareUnsigned(address + count - 1, address) < 0;
    boolean write = command.command() == Wire.DMA_WRITE;
    boolean missing = write && command.payloadBytes() - Wire.DMA_BYTES < count;
    return !size || wraps || missing ? Errno.EINVAL : 0;
  }

  /** A read has ended; one that was abandoned before is not told again. */
  void done(long cookie, boolean ok) {
    long serial = cookie >> CHANNEL_BITS;
    if (serial >= head && serial < tail) {
      finish(ring[(int) (serial & COUNT_MAX - 1)], ok);
      reply();
    }
  }

  /** Everything under way has failed. */
  void abandon() {
    for (long serial = head; serial < tail; serial++) {
      Transfer transfer = ring[(int) (serial & COUNT_MAX - 1)];
      if (!transfer.done) {
        finish(transfer, false);
        // Nobody writes there any more, but whoever still could must not find another's data.
        transfer.data = MemorySegment.NULL;
      }
    }
    reply();
  }

  private void finish(Transfer transfer, boolean ok) {
    if (!transfer.done) {
      transfer.done = true;
      transfer.errno = ok ? 0 : Errno.EFAULT;
      readBytes -= transfer.count;
    }
  }

  /** Answers those that are due. */
  private void reply() {
    while (head < tail && ring[(int) (head & COUNT_MAX - 1)].done) {
      Transfer transfer = ring[(int) (head++ & COUNT_MAX - 1)];
      if (!transfer.noReply) {
        reply(transfer);
      }
      if (transfer.data.byteSize() > KEPT_BYTES_MAX) {
        transfer.data = MemorySegment.NULL;
      }
    }
  }

  private void reply(Transfer transfer) {
    if (transfer.errno != 0) {
      int flags = Wire.TYPE_REPLY | Wire.FLAG_ERROR;
      outbox.append(transfer.id, transfer.command, flags, transfer.errno, 0);
      return;
    }
    int dataBytes = transfer.command == Wire.DMA_READ ? (int) transfer.count : 0;
    int bytes = Wire.DMA_BYTES + dataBytes;
    long at = outbox.append(transfer.id, transfer.command, Wire.TYPE_REPLY, 0, bytes);
    MemorySegment to = outbox.segment();
    to.set(VfioUserMessage.U64, at + Wire.DMA_ADDRESS_AT, transfer.address);
    to.set(VfioUserMessage.U64, at + Wire.DMA_COUNT_AT, transfer.count);
    MemorySegment.copy(transfer.data, 0, to, at + Wire.DMA_BYTES, dataBytes);
  }
}
