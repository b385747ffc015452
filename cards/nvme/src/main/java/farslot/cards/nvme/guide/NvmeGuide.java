package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Property;
import farslot.function.CardsName;
import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Follows what a server's driver does to a controller's registers: where the admin queues are, when
 * the controller is switched on, which doorbell is rung. What the entries of a queue make the
 * controller read is {@link Submissions}' to know.
 *
 * <p>The registers are only seen being written, so CAP.DSTRD, the distance of doorbells, is not
 * known. It shows with the first doorbell that is not the first register: every driver acknowledges
 * the completion of its first admin command before it has an I/O queue to ring for, and that
 * acknowledgement is the second doorbell. Whoever does otherwise is not guided.
 */
final class NvmeGuide implements DmaGuide {
  private static final int BAR = 0;

  /** Doorbells are not where anybody would expect them. */
  private static final int STRIDE_STRANGE = -1;

  private static final int STRIDE_UNKNOWN = 0;

  private final GuidePort port;
  private final AdminQueue admin;
  private final Submissions submissions;
  private final ControllerSetup setup = new ControllerSetup();

  /** Bytes from doorbell to doorbell. */
  private int stride;

  NvmeGuide(GuidePort port) {
    this.port = port;
    admin = new AdminQueue(port);
    submissions = new Submissions(port, admin);
  }

  @Override
  public void reset() {
    setup.reset();
    submissions.close();
    admin.close();
  }

  /** The driver is told to reset the controller; it then begins anew with the one that is there. */
  @Override
  public void onReplaced(CardsName name) {
    if (setup.isOn() && !setup.shutDown()) {
      admin.fail(name, submissions.adminTail());
    }
  }

  @Override
  public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {
    if (bar != BAR) {
      return;
    }
    boolean dwords = (offset & 3) == 0 && (bytes == 4 || bytes == 8);
    if (!dwords) {
      // "Shall not access ... in any other width" (Base 3.1.3): what it does is undefined.
      reset();
      port.leaveAll();
      return;
    }
    for (int done = 0; done < bytes; done += 4) {
      writeDword((int) offset + done, LittleEndian.i32(from, at + done));
    }
  }

  private void writeDword(int offset, int value) {
    if (offset >= Property.DOORBELLS) {
      doorbell(offset - Property.DOORBELLS, value & 0xFFFF);
      return;
    }
    if (setup.write(offset, value)) {
      submissions.close();
      admin.close();
      port.leaveAll();
      if (setup.isOn()) {
        stride = STRIDE_UNKNOWN;
        submissions.open(setup.asq(), setup.sqEntries(), setup.pageBytes(), setup.ioSqeBytes());
        submissions.namespaces().begin(setup.acq(), setup.cqEntries());
        admin.open(setup.acq(), setup.cqEntries());
      }
    }
  }

  private void doorbell(int at, int value) {
    if (at == 0) {
      submissions.submitted(0, value);
      return;
    }
    if (stride == STRIDE_UNKNOWN) {
      learnStride(at);
    }
    if (stride == STRIDE_STRANGE || (at & stride - 1) != 0) {
      port.leaveAll();
      return;
    }
    int index = at / stride;
    if ((index & 1) == 0) {
      submissions.submitted(index >> 1, value);
    } else if (index == 1) {
      admin.acknowledged();
    }
    // Other odd ones are completion queues' heads: the controller reads nothing for them.
  }

  private void learnStride(int at) {
    boolean possible = at >= 4 && Integer.bitCount(at) == 1 && !submissions.anyIo();
    stride = possible ? at : STRIDE_STRANGE;
  }

  @Override
  public boolean lastCounts(int bar, long offset, int bytes) {
    long at = offset - Property.DOORBELLS;
    return bar == BAR
        && bytes == 4
        && at >= 0
        && (at == 0 || stride > 0 && (at & stride - 1) == 0)
        && submissions.isOpen();
  }

  /** Heads of completion queues, but for the admin's: asynchronous events wait for that. */
  @Override
  public boolean mayWait(int bar, long offset) {
    long at = offset - Property.DOORBELLS;
    return at > stride && stride > 0 && (at / stride & 1) == 1;
  }

  @Override
  public void onCardWrite(long address, MemorySegment from, long at, int bytes) {
    submissions.namespaces().onCardWrite(address, from, at, bytes);
  }
}
