package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Sqe;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What new entries of a submission queue make the controller read: themselves, their lists, and
 * data that goes to the controller. In two rounds: first all is named that is not going to be
 * pushed, because that may revoke what is pushed before it; then the rest is pushed.
 */
final class Submissions {
  private final GuidePort port;
  private final GuidedQueues queues = new GuidedQueues();
  private final Namespaces namespaces;
  private final AdminQueue admin;
  private final Transfer transfer;
  private final DataWalk walk;
  private final MemorySegment entries =
      Arena.ofAuto().allocate((long) GuideLimits.BATCH_ENTRIES * Sqe.BYTES, 64);

  /** By entry of the batch: whether its data is pushed, and whether its lists are. */
  private final boolean[] pushesData = new boolean[GuideLimits.BATCH_ENTRIES];

  private final boolean[] pushesLists = new boolean[GuideLimits.BATCH_ENTRIES];
  private boolean open;
  private boolean anyIo;
  private int pageBytes;
  private int ioEntryBytes;
  private long dataLeft;

  /**
   * @param admin told of requests for asynchronous events
   */
  Submissions(GuidePort port, AdminQueue admin) {
    this.port = port;
    this.admin = admin;
    namespaces = new Namespaces(port);
    transfer = new Transfer(namespaces);
    walk = new DataWalk(port);
  }

  Namespaces namespaces() {
    return namespaces;
  }

  /** The controller has been switched on. */
  void open(long asq, int sqEntries, int memoryPageBytes, int ioSqeBytes) {
    pageBytes = memoryPageBytes;
    ioEntryBytes = ioSqeBytes;
    queues.open(0, asq, sqEntries);
    open = true;
  }

  /** It is off, or nothing is known of it. */
  void close() {
    open = false;
    anyIo = false;
    queues.clear();
    namespaces.begin(0, 0);
  }

  boolean isOpen() {
    return open;
  }

  /** Where the server will put its next admin command. */
  int adminTail() {
    return queues.tail(0);
  }

  /** Whether the server has asked for I/O queues. */
  boolean anyIo() {
    return anyIo;
  }

  /** A tail doorbell. */
  void submitted(int id, int newTail) {
    if (!open || !queues.known(id) || newTail >= queues.size(id)) {
      port.leaveAll();
      return;
    }
    int size = queues.size(id);
    int at = queues.tail(id);
    int count = newTail >= at ? newTail - at : newTail - at + size;
    queues.tail(id, newTail);
    if (count > GuideLimits.ENTRIES_MAX) {
      port.leaveAll();
      count = GuideLimits.ENTRIES_MAX;
    }
    walk.begin(pageBytes);
    dataLeft = GuideLimits.DOORBELL_DATA_BYTES_MAX;
    long base = queues.base(id);
    while (count > 0) {
      int batch = Math.min(Math.min(count, size - at), GuideLimits.BATCH_ENTRIES);
      if (!batch(id == 0, base + (long) at * Sqe.BYTES, batch)) {
        port.leaveAll();
        return;
      }
      at = at + batch == size ? 0 : at + batch;
      count -= batch;
    }
  }

  private boolean batch(boolean admin, long address, int count) {
    if (!port.read(address, entries, 0, count * Sqe.BYTES)) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      leave(admin, i);
    }
    port.push(address, count * Sqe.BYTES, true);
    for (int i = 0; i < count; i++) {
      if (pushesLists[i]) {
        long at = (long) i * Sqe.BYTES;
        transfer.of(admin, entries, at);
        if (!walk.push(entries, at, transfer, pushesData[i])) {
          port.leaveAll();
        }
      }
    }
    return true;
  }

  /** The first round: decides, and names what will not be pushed. */
  private void leave(boolean admin, int i) {
    long at = (long) i * Sqe.BYTES;
    pushesData[i] = false;
    pushesLists[i] = false;
    if (admin && !follow(at)) {
      port.leaveAll();
      return;
    }
    transfer.of(admin, entries, at);
    if (transfer.unknown || transfer.bytes > GuideLimits.WALKED_BYTES_MAX) {
      port.leaveAll();
    } else if (transfer.bytes > 0) {
      pushesLists[i] = true;
      pushesData[i] =
          transfer.toController && transfer.bytes <= Math.min(dataLeft, GuideLimits.DATA_BYTES_MAX);
      if (pushesData[i]) {
        dataLeft -= transfer.bytes;
      } else if (transfer.toController && !walk.leave(entries, at, transfer)) {
        port.leaveAll();
      }
    }
  }

  /**
   * Learns from an admin command.
   *
   * @return false when the controller will read what nobody here knows
   */
  private boolean follow(long at) {
    switch (LittleEndian.u8(entries, at + Sqe.OPCODE)) {
      case Opcode.CREATE_IO_SQ -> {
        anyIo = true;
        return queues.create(entries, at, ioEntryBytes);
      }
      case Opcode.DELETE_IO_SQ -> {
        int id = LittleEndian.u16(entries, at + Sqe.CDW10);
        if (id != 0) {
          queues.forget(id);
        }
      }
      case Opcode.CREATE_IO_CQ -> {
        return (LittleEndian.i32(entries, at + Sqe.CDW11) & 1) != 0;
      }
      case Opcode.ASYNC_EVENT_REQUEST -> admin.requested(LittleEndian.u16(entries, at + Sqe.CID));
      case Opcode.IDENTIFY -> namespaces.identify(entries, at);
      case Opcode.FORMAT_NVM,
          Opcode.NAMESPACE_MANAGEMENT,
          Opcode.NAMESPACE_ATTACHMENT,
          Opcode.SANITIZE ->
          namespaces.forget();
      case Opcode.DOORBELL_BUFFER_CONFIG -> close(); // Doorbells will be rung in memory.
      default -> {
        // Changes nothing that a guide knows.
      }
    }
    return true;
  }
}
