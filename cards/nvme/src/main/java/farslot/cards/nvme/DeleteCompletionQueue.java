package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** Delete I/O Completion Queue (Base 5.7). */
final class DeleteCompletionQueue implements Operation {
  private final Controller controller;

  DeleteCompletionQueue(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    int id = c.cdw(Sqe.CDW10) & 0xFFFF;
    CompletionQueue cq = id == 0 ? null : controller.queues().cq(id);
    if (cq == null) {
      c.complete(Status.INVALID_QUEUE_IDENTIFIER);
    } else if (cq.users > 0) {
      c.complete(Status.INVALID_QUEUE_DELETION);
    } else {
      controller.batch().writeEntries(); // the last of its own among them
      controller.vectors().closed(cq);
      cq.close();
      c.complete(Status.SUCCESS);
    }
  }
}
