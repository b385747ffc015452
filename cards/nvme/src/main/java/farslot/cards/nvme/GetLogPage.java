package farslot.cards.nvme;

import farslot.cards.nvme.spec.LogPage;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Get Log Page (Base 5.16). */
final class GetLogPage implements Operation {
  private static final int CHECK = 0;
  private static final int MAP = 1;
  private static final int SEND = 2;
  private static final int RETAIN_ASYNC_EVENT = 1 << 15;
  private static final int OFFSET_TYPE_INDEX = 1 << 23;

  private final Controller controller;
  private final LogPages pages;

  /** The page as it is now; longer ones than any there is need not be held. */
  private final MemorySegment page = Arena.ofAuto().allocate(LogPages.BYTES_MAX, 8);

  GetLogPage(Controller controller, AdminCommands admin) {
    this.controller = controller;
    pages = new LogPages(controller, admin);
  }

  @Override
  public void advance(Command c) {
    int lid = c.cdw(Sqe.CDW10) & 0xFF;
    switch (c.phase) {
      case CHECK -> {
        int status = check(c, lid);
        if (status == Status.SUCCESS) {
          c.phase = MAP;
          c.wantBuffer(c.bytes);
        } else {
          c.complete(status);
        }
      }
      case MAP -> {
        c.phase = SEND;
        c.map((int) c.bytes, true);
      }
      default -> {
        if (sent(c, lid)) {
          boolean retain = (c.cdw(Sqe.CDW10) & RETAIN_ASYNC_EVENT) != 0;
          c.complete(Status.SUCCESS);
          if (!retain) {
            controller.events().logPageRead(lid);
          }
        }
      }
    }
  }

  private int check(Command c, int lid) {
    long dwords = (long) (c.cdw(Sqe.CDW11) & 0xFFFF) << 16 | c.cdw(Sqe.CDW10) >>> 16;
    c.bytes = (dwords + 1) * Integer.BYTES;
    c.position = offset(c);
    int length = pages.length(lid);
    if (length == 0) {
      return Status.INVALID_LOG_PAGE;
    }
    boolean whole = c.nsid() == 0 || c.nsid() == Sqe.NSID_BROADCAST;
    if (!whole
        || c.bytes > NvmeLimits.DATA_BYTES_MAX
        || (c.position & 3) != 0
        || Long.compareUnsigned(c.position, length) > 0
        || (c.cdw(Sqe.CDW14) & OFFSET_TYPE_INDEX) != 0) {
      return Status.INVALID_FIELD;
    }
    boolean commandSetKnown = c.cdw(Sqe.CDW14) >>> 24 == 0;
    return lid != LogPage.COMMANDS_SUPPORTED || commandSetKnown
        ? Status.SUCCESS
        : Status.INVALID_FIELD;
  }

  private static long offset(Command c) {
    return LittleEndian.i64(c.sqe, Sqe.CDW12);
  }

  /** Takes the page as late as can be, so that what is cleared by reading has been seen. */
  private boolean sent(Command c, int lid) {
    page.fill((byte) 0);
    pages.fill(lid, page);
    c.buffer.memory.asSlice(0, c.bytes).fill((byte) 0);
    long there = Math.min(c.bytes, pages.length(lid) - c.position);
    MemorySegment.copy(page, c.position, c.buffer.memory, 0, there);
    if (!c.send()) {
      return false;
    }
    if (lid == LogPage.CHANGED_NAMESPACES) {
      controller.changed().reset();
    }
    return true;
  }
}
