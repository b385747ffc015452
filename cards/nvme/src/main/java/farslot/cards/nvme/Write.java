package farslot.cards.nvme;

import farslot.cards.nvme.spec.Nvm;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/**
 * Write (NVM 3.2.6). Nothing is written before all of the data is here. If it is here already when
 * the command is, and the store is memory, it goes straight there.
 */
final class Write implements Operation {
  private static final int MAP = 0;
  private static final int BUFFER = 1;
  private static final int RECEIVE = 2;
  private static final int GATE = 3;
  private static final int STORE = 4;
  private static final int STORED = 5;

  private final Controller controller;

  Write(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    switch (c.phase++) {
      case MAP -> c.map((int) c.bytes, false);
      case BUFFER -> {
        if (c.storePushed()) {
          c.phase = STORED;
        } else {
          c.wantBuffer(c.bytes);
        }
      }
      case RECEIVE -> c.receive();
      case GATE -> c.enterGate();
      case STORE -> c.storeWrite(c.position, (int) c.bytes, durable(controller, c));
      default -> {
        controller.health().written(c.bytes);
        c.complete(Status.SUCCESS);
      }
    }
  }

  /** Force Unit Access, or every write while the volatile write cache is switched off. */
  static boolean durable(Controller controller, Command c) {
    return (c.cdw(Sqe.CDW12) & Nvm.FUA) != 0 || !controller.features().writeCache();
  }
}
