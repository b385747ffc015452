package farslot.cards.nvme;

import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** Flush (NVM 3.2.2 and Base 7.1): one namespace, or all by the broadcast NSID. */
final class Flush implements Operation {
  private static final int BEGIN = 0;
  private static final int NEXT = 1;

  private final Controller controller;

  Flush(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    boolean all = c.nsid() == Sqe.NSID_BROADCAST;
    if (c.phase == BEGIN) {
      c.phase = NEXT;
      c.index = 0;
      if (!all) {
        c.index = controller.namespaces().size();
        c.storeFlush();
      }
    } else if (c.index < controller.namespaces().size()) {
      c.namespace = controller.namespaces().get(c.index++);
      c.storeFlush();
    } else {
      c.complete(Status.SUCCESS);
    }
  }
}
