package farslot.cards.nvme;

import farslot.cards.nvme.spec.Status;

/** Verify (NVM 3.2.5): everything is read, and goes nowhere. */
final class Verify implements Operation {
  private static final int BUFFER = 0;
  private static final int GATE = 1;
  private static final int READ = 2;

  private final Controller controller;

  Verify(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    switch (c.phase++) {
      case BUFFER -> {
        c.progress = 0;
        c.wantBuffer(Math.min(c.bytes, NvmeLimits.DATA_BYTES_MAX));
      }
      case GATE -> c.enterGate();
      case READ -> {
        int bytes = (int) Math.min(c.bytes - c.progress, c.buffer.capacity);
        c.storeRead(c.position + c.progress, 0, bytes);
        c.progress += bytes;
      }
      default -> {
        if (c.progress < c.bytes) {
          c.phase = READ;
        } else {
          controller.health().compared(c.bytes);
          c.complete(Status.SUCCESS);
        }
      }
    }
  }
}
