package farslot.cards.nvme;

import farslot.cards.nvme.spec.Status;

/**
 * Read (NVM 3.2.4). The list is walked while the store reads; of a store that is memory, the data
 * goes straight to the server. LR and FUA change nothing here.
 */
final class Read implements Operation {
  private static final int BUFFER = 0;
  private static final int GATE = 1;
  private static final int FETCH = 2;

  private final Controller controller;

  Read(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    switch (c.phase++) {
      case BUFFER -> {
        if (c.storeMemory() == null) {
          c.wantBuffer(c.bytes);
        }
      }
      case GATE -> c.enterGate();
      case FETCH -> {
        if (c.buffer != null) {
          c.storeRead(c.position, 0, (int) c.bytes);
        }
        c.map((int) c.bytes, true);
      }
      default -> {
        if (c.buffer == null ? c.sendStored() : c.send()) {
          controller.health().read(c.bytes);
          c.complete(Status.SUCCESS);
        }
      }
    }
  }
}
