package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** Delete I/O Submission Queue (Base 5.6): completes when no command of it is under way. */
final class DeleteSubmissionQueue implements Operation {
  private static final int CHECK = 0;
  private static final int EMPTY = 1;

  private final Controller controller;

  DeleteSubmissionQueue(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    int id = c.cdw(Sqe.CDW10) & 0xFFFF;
    SubmissionQueue sq = id == 0 ? null : controller.queues().sq(id);
    if (sq == null || c.phase == CHECK && sq.deleting()) {
      c.complete(Status.INVALID_QUEUE_IDENTIFIER);
    } else if (c.phase == CHECK) {
      c.phase = EMPTY;
      sq.delete(c);
    } else {
      sq.close();
      c.complete(Status.SUCCESS);
    }
  }
}
