package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/**
 * Abort (Base 5.1). What waits for a buffer, a gate or room is aborted, and so are event requests;
 * what is with a store or under DMA takes its course, and bit 0 says so.
 */
final class Abort implements Operation {
  private static final int NOT_ABORTED = 1;

  private final Controller controller;

  Abort(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    if (c.phase == 0) {
      c.phase = 1;
      c.dw0 = aborted(c) ? 0 : NOT_ABORTED;
      // The aborted command's completion comes before this one: it is in the run queue already.
      c.park();
      c.resume();
    } else {
      c.complete(Status.SUCCESS);
    }
  }

  private boolean aborted(Command c) {
    int cid = c.cdw(Sqe.CDW10) >>> 16;
    SubmissionQueue sq = controller.queues().sq(c.cdw(Sqe.CDW10) & 0xFFFF);
    if (sq == null) {
      return false;
    }
    if (sq.id == 0 && controller.events().abort(cid)) {
      return true;
    }
    Command victim = sq.pool().find(sq, cid);
    if (victim == null || victim == c || !victim.waiting()) {
      return false;
    }
    victim.abort(Status.ABORT_REQUESTED);
    return true;
  }
}
