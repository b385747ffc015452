package farslot.cards.nvme;

import farslot.cards.nvme.spec.Property;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** Create I/O Submission Queue (Base 5.5). Its priority means nothing in round robin. */
final class CreateSubmissionQueue implements Operation {
  private static final int PHYSICALLY_CONTIGUOUS = 1;

  private final Controller controller;

  CreateSubmissionQueue(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    int id = c.cdw(Sqe.CDW10) & 0xFFFF;
    int entries = (c.cdw(Sqe.CDW10) >>> 16) + 1;
    int flags = c.cdw(Sqe.CDW11);
    int cqid = flags >>> 16;
    int entrySize = controller.cc() >> Property.CC_IOSQES_SHIFT & Property.CC_ES_MASK;
    if (id == 0 || id > controller.queues().ioMax() || controller.queues().sq(id) != null) {
      c.complete(Status.INVALID_QUEUE_IDENTIFIER);
    } else if (cqid == 0 || cqid > controller.queues().ioMax()) {
      c.complete(Status.INVALID_QUEUE_IDENTIFIER);
    } else if (controller.queues().cq(cqid) == null) {
      c.complete(Status.COMPLETION_QUEUE_INVALID);
    } else if (entries < 2
        || entries > NvmeLimits.QUEUE_ENTRIES_MAX
        || entrySize != Sqe.SIZE_LOG2) {
      c.complete(Status.INVALID_QUEUE_SIZE);
    } else if ((flags & PHYSICALLY_CONTIGUOUS) == 0) {
      c.complete(Status.INVALID_FIELD); // CAP.CQR
    } else if ((c.prp1() & controller.pageBytes() - 1) != 0) {
      c.complete(Status.PRP_OFFSET_INVALID);
    } else {
      controller.queues().newSq(id).open(controller.queues().cq(cqid), c.prp1(), entries);
      c.complete(Status.SUCCESS);
    }
  }
}
