package farslot.cards.nvme;

import farslot.cards.nvme.spec.Cqe;
import farslot.cards.nvme.spec.Property;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** Create I/O Completion Queue (Base 5.4). */
final class CreateCompletionQueue implements Operation {
  private static final int PHYSICALLY_CONTIGUOUS = 1;
  private static final int INTERRUPTS_ENABLED = 1 << 1;

  private final Controller controller;

  CreateCompletionQueue(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    int id = c.cdw(Sqe.CDW10) & 0xFFFF;
    int entries = (c.cdw(Sqe.CDW10) >>> 16) + 1;
    int flags = c.cdw(Sqe.CDW11);
    int vector = flags >>> 16;
    boolean interrupts = (flags & INTERRUPTS_ENABLED) != 0;
    int entrySize = controller.cc() >> Property.CC_IOCQES_SHIFT & Property.CC_ES_MASK;
    if (id == 0 || id > controller.queues().ioMax() || controller.queues().cq(id) != null) {
      c.complete(Status.INVALID_QUEUE_IDENTIFIER);
    } else if (entries < 2
        || entries > NvmeLimits.QUEUE_ENTRIES_MAX
        || entrySize != Cqe.SIZE_LOG2) {
      c.complete(Status.INVALID_QUEUE_SIZE);
    } else if ((flags & PHYSICALLY_CONTIGUOUS) == 0) {
      c.complete(Status.INVALID_FIELD); // CAP.CQR
    } else if ((c.prp1() & controller.pageBytes() - 1) != 0) {
      c.complete(Status.PRP_OFFSET_INVALID);
    } else if (interrupts && vector >= controller.vectors().count()) {
      c.complete(Status.INVALID_INTERRUPT_VECTOR);
    } else {
      controller.queues().newCq(id).open(c.prp1(), entries, interrupts ? vector : 0, interrupts);
      c.complete(Status.SUCCESS);
    }
  }
}
