package farslot.cards.nvme;

import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Status;

/**
 * Fused Compare and Write (NVM 2.1.2). Both halves get their buffers and data first; then the
 * compare takes the namespace for itself, and hands it to the write. Taking it earlier could wait
 * for a buffer that somebody holds who waits for the namespace.
 */
final class FusedPair {
  private static final int BUFFER = 0;
  private static final int MAP = 1;
  private static final int RECEIVE = 2;
  private static final int MEET = 3;

  private FusedPair() {}

  /** Buffer, list, data: as far as the halves do the same. */
  private static void prepare(Command c) {
    switch (c.phase++) {
      case BUFFER -> c.wantBuffer(c.bytes);
      case MAP -> c.map((int) c.bytes, false);
      default -> c.receive();
    }
  }

  /** The other half is over: its failure is ours if we come second; otherwise we go on alone. */
  static void partnerEnded(Command c, int result, int opcode) {
    if (opcode == Opcode.COMPARE && result != Status.SUCCESS) {
      c.fail(Status.ABORTED_FAILED_FUSED);
    }
    if (c.parked()) {
      c.resume();
    }
  }

  /** Compare, the first. */
  static final class First implements Operation {
    private static final int GATE = 4;
    private static final int READ = 5;

    private final Controller controller;

    First(Controller controller) {
      this.controller = controller;
    }

    @Override
    public void advance(Command c) {
      switch (c.phase) {
        case BUFFER, MAP, RECEIVE -> prepare(c);
        case MEET -> {
          c.phase = GATE;
          if (c.partner != null && !c.partner.parked()) {
            c.park(); // the write resumes it when its data is here, or when it has failed
          }
        }
        case GATE -> {
          c.phase = READ;
          c.progress = 0;
          c.alone = true;
          c.enterGate();
        }
        case READ -> {
          c.phase++;
          Compare.readPiece(c);
        }
        default -> compared(c);
      }
    }

    private void compared(Command c) {
      if (!Compare.samePiece(c)) {
        c.complete(Status.COMPARE_FAILURE);
      } else if (c.progress < c.bytes) {
        c.phase = READ;
      } else {
        controller.health().compared(c.bytes);
        if (c.partner != null) {
          c.gate.hand(c, c.partner);
        }
        c.complete(Status.SUCCESS);
      }
    }
  }

  /** Write, the second. */
  static final class Second implements Operation {
    private static final int STORE = 4;

    private final Controller controller;

    Second(Controller controller) {
      this.controller = controller;
    }

    @Override
    public void advance(Command c) {
      switch (c.phase) {
        case BUFFER, MAP, RECEIVE -> prepare(c);
        case MEET -> {
          c.phase = STORE;
          if (c.partner.parked()) {
            c.partner.resume();
          }
          c.park(); // until the compare has ended
        }
        case STORE -> {
          c.phase++;
          c.storeWrite(c.position, (int) c.bytes, Write.durable(controller, c));
        }
        default -> {
          controller.health().written(c.bytes);
          c.complete(Status.SUCCESS);
        }
      }
    }
  }
}
