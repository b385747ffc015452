package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Cqe;
import farslot.cards.nvme.spec.Event;
import farslot.cards.nvme.spec.LogPage;
import farslot.function.CardsName;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The admin completion queue as its server has it: where the controller's next entry goes, and
 * which Asynchronous Event Requests have no answer yet. So that one can be given in the name of a
 * controller that was lost: Persistent Internal Error (Base 5.2.1), upon which a driver resets the
 * controller and does again what was under way, where it would otherwise wait for its time-outs.
 */
final class AdminQueue {
  /** The admin completion queue's interrupt (Base 3.1.3.10 and 3.5). */
  private static final int VECTOR = 0;

  private static final int PHASE = 1;

  /** Where entries are read. */
  private interface Memory {
    boolean read(long address, MemorySegment to, long offset, int bytes);
  }

  private final Memory port;
  private final MemorySegment entry = Arena.ofAuto().allocate(Cqe.BYTES, 8);

  /** Command identifiers of requests without an answer. */
  private final int[] requests = new int[GuideLimits.EVENT_REQUESTS_MAX];

  private int count;
  private long base;
  private int entries;

  /** The first entry that was not looked at, and what its phase tag is once it has been written. */
  private int at;

  private int phase;

  AdminQueue(GuidePort port) {
    this.port = port::read;
  }

  /** The controller has been switched on with an empty queue, all phase tags 0. */
  void open(long acq, int size) {
    base = acq;
    entries = size;
    count = 0;
    at = 0;
    phase = PHASE;
  }

  void close() {
    open(0, 0);
  }

  /** An Asynchronous Event Request is on its way. */
  void requested(int cid) {
    if (count < requests.length) {
      requests[count++] = cid;
    }
  }

  /** The server has taken entries: they are still there, since their place is free only now. */
  void acknowledged() {
    follow(port);
  }

  /** Looks at all entries that have come, as far as memory can be read. */
  private boolean follow(Memory memory) {
    for (int left = entries; left > 0; left--) {
      if (!memory.read(address(), entry, 0, Cqe.BYTES)) {
        return false;
      }
      if ((LittleEndian.u16(entry, Cqe.STATUS) & PHASE) != phase) {
        return true;
      }
      answered(LittleEndian.u16(entry, Cqe.CID));
      at++;
      if (at == entries) {
        at = 0;
        phase ^= PHASE;
      }
    }
    return false; // All of it was written and nothing acknowledged, or it was not empty at first.
  }

  private void answered(int cid) {
    for (int i = 0; i < count; i++) {
      if (requests[i] == cid) {
        requests[i] = requests[--count];
        return;
      }
    }
  }

  private long address() {
    return base + (long) at * Cqe.BYTES;
  }

  /**
   * Says that the controller has failed, if somebody listens.
   *
   * @param sqHead the admin submission queue's, to be told
   */
  void fail(CardsName name, int sqHead) {
    if (!name.hears(VECTOR) || !follow(name::read) || count == 0) {
      return;
    }
    int event = Event.TYPE_ERROR | Event.ERROR_PERSISTENT_INTERNAL << 8;
    LittleEndian.i32(entry, Cqe.DW0, event | LogPage.ERROR_INFORMATION << 16);
    LittleEndian.i32(entry, Cqe.DW1, 0);
    LittleEndian.u16(entry, Cqe.SQHD, sqHead);
    LittleEndian.u16(entry, Cqe.SQID, 0);
    LittleEndian.u16(entry, Cqe.CID, requests[0]);
    LittleEndian.u16(entry, Cqe.STATUS, phase);
    if (name.write(address(), entry, 0, Cqe.BYTES)) {
      name.interrupt(VECTOR);
    }
  }
}
