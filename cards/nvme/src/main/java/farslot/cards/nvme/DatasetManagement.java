package farslot.cards.nvme;

import farslot.cards.nvme.spec.Nvm;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;

/** Dataset Management (NVM 3.2.3): deallocation; the other attributes are hints, and not taken. */
final class DatasetManagement implements Operation {
  private static final int BUFFER = 0;
  private static final int MAP = 1;
  private static final int RECEIVE = 2;
  private static final int CHECK = 3;
  private static final int RANGE = 4;

  @Override
  public void advance(Command c) {
    switch (c.phase) {
      case BUFFER -> {
        c.phase = MAP;
        c.bytes = (long) ranges(c) * Nvm.DSM_RANGE_BYTES;
        c.wantBuffer(c.bytes);
      }
      case MAP -> {
        c.phase = RECEIVE;
        c.map((int) c.bytes, false);
      }
      case RECEIVE -> {
        c.phase = CHECK;
        c.receive();
      }
      case CHECK -> check(c);
      default -> next(c);
    }
  }

  private static int ranges(Command c) {
    return (c.cdw(Sqe.CDW10) & Nvm.DSM_NR_MASK) + 1;
  }

  private static long length(Command c, int range) {
    return LittleEndian.u32(
        c.buffer.memory, (long) range * Nvm.DSM_RANGE_BYTES + Nvm.DSM_RANGE_LENGTH);
  }

  private static long first(Command c, int range) {
    return LittleEndian.i64(
        c.buffer.memory, (long) range * Nvm.DSM_RANGE_BYTES + Nvm.DSM_RANGE_SLBA);
  }

  /** All ranges are looked at before any is deallocated. */
  private static void check(Command c) {
    for (int i = 0; i < ranges(c); i++) {
      if (first(c, i) < 0 || first(c, i) > c.namespace.blocks() - length(c, i)) {
        c.complete(Status.LBA_OUT_OF_RANGE);
        return;
      }
    }
    if ((c.cdw(Sqe.CDW11) & Nvm.DSM_AD) == 0) {
      c.complete(Status.SUCCESS);
      return;
    }
    c.phase = RANGE;
    c.index = 0;
    c.enterGate();
  }

  private static void next(Command c) {
    int range = c.index++;
    if (range == ranges(c)) {
      c.complete(Status.SUCCESS);
    } else if (length(c, range) > 0) {
      int shift = c.namespace.shift();
      c.storeDeallocate(first(c, range) << shift, length(c, range) << shift);
    }
  }
}
