package farslot.cards.nvme;

import farslot.cards.nvme.spec.Status;
import java.lang.foreign.MemorySegment;

/** Compare (NVM 3.2.1): reads back piece by piece, into the room behind the data. */
final class Compare implements Operation {
  private static final int BUFFER = 0;
  private static final int MAP = 1;
  private static final int RECEIVE = 2;
  private static final int GATE = 3;
  private static final int READ = 4;

  private final Controller controller;

  Compare(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    switch (c.phase++) {
      case BUFFER -> c.wantBuffer(c.bytes);
      case MAP -> c.map((int) c.bytes, false);
      case RECEIVE -> c.receive();
      case GATE -> {
        c.progress = 0;
        c.enterGate();
      }
      case READ -> readPiece(c);
      default -> {
        if (!samePiece(c)) {
          c.complete(Status.COMPARE_FAILURE);
        } else if (c.progress < c.bytes) {
          c.phase = READ;
        } else {
          controller.health().compared(c.bytes);
          c.complete(Status.SUCCESS);
        }
      }
    }
  }

  static void readPiece(Command c) {
    c.storeRead(c.position + c.progress, c.buffer.capacity, pieceBytes(c));
  }

  /** Whether what was read is what was sent; moves on. */
  static boolean samePiece(Command c) {
    int bytes = pieceBytes(c);
    MemorySegment memory = c.buffer.memory;
    int room = c.buffer.capacity;
    long from = c.progress;
    c.progress += bytes;
    return MemorySegment.mismatch(memory, from, from + bytes, memory, room, (long) room + bytes)
        < 0;
  }

  private static int pieceBytes(Command c) {
    return (int) Math.min(c.bytes - c.progress, NvmeLimits.SCRATCH_BYTES);
  }
}
