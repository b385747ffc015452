package farslot.cards.nvme;

import farslot.cards.nvme.spec.Nvm;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** Write Zeroes (NVM 3.2.8); with DEAC the space goes back, and reads as zeroes all the same. */
final class WriteZeroes implements Operation {
  private static final int GATE = 0;
  private static final int STORE = 1;
  private static final int FLUSH = 2;

  private final Controller controller;

  WriteZeroes(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    boolean durable = Write.durable(controller, c);
    boolean deallocate = (c.cdw(Sqe.CDW12) & Nvm.DEAC) != 0;
    switch (c.phase++) {
      case GATE -> c.enterGate();
      case STORE -> {
        if (deallocate) {
          c.storeDeallocate(c.position, c.bytes);
        } else {
          c.storeWriteZeroes(c.position, c.bytes, durable);
        }
      }
      case FLUSH -> {
        if (deallocate && durable) {
          c.storeFlush();
        }
      }
      default -> c.complete(Status.SUCCESS);
    }
  }
}
