package farslot.cards.nvme;

import farslot.cards.nvme.spec.Feature;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;

/** Set Features (Base 5.27). */
final class SetFeatures implements Operation {
  private static final int CHECK = 0;
  private static final int RECEIVE = 1;
  private static final int MAPPED = 2;
  private static final int SAVE = 1 << 31;
  private static final int QUEUES_RESERVED = 0xFFFF;

  private final Controller controller;

  SetFeatures(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    switch (c.phase) {
      case CHECK -> check(c, c.cdw(Sqe.CDW10) & 0xFF);
      case RECEIVE -> {
        c.phase = MAPPED;
        c.map(Feature.TIMESTAMP_BYTES, false);
      }
      case MAPPED -> {
        c.phase++;
        c.receive();
      }
      default -> {
        controller.features().timestamp(LittleEndian.i64(c.buffer.memory, 0) & 0xFFFF_FFFF_FFFFL);
        c.complete(Status.SUCCESS);
      }
    }
  }

  private void check(Command c, int fid) {
    int nsid = c.nsid();
    boolean all = nsid == 0 || nsid == Sqe.NSID_BROADCAST;
    if (!Features.exists(fid)) {
      c.complete(Status.INVALID_FIELD);
    } else if ((c.cdw(Sqe.CDW10) & SAVE) != 0) {
      c.complete(Status.FEATURE_NOT_SAVEABLE);
    } else if (!all && controller.namespace(nsid) == null) {
      c.complete(Status.INVALID_NAMESPACE);
    } else if (Features.ofNamespace(fid) && nsid == 0) {
      c.complete(Status.INVALID_NAMESPACE);
    } else if (!all && !Features.ofNamespace(fid)) {
      c.complete(Status.FEATURE_NOT_NAMESPACE_SPECIFIC);
    } else if (fid == Feature.TIMESTAMP) {
      c.phase = RECEIVE;
      c.wantBuffer(Feature.TIMESTAMP_BYTES);
    } else if (fid == Feature.NUMBER_OF_QUEUES) {
      numberOfQueues(c);
    } else {
      c.complete(controller.features().set(fid, c.cdw(Sqe.CDW11), controller.namespace(nsid)));
    }
  }

  /** All there are are allocated, whatever was asked for (Base 5.27.1.5 lets it be more). */
  private void numberOfQueues(Command c) {
    int cdw11 = c.cdw(Sqe.CDW11);
    if ((cdw11 & 0xFFFF) == QUEUES_RESERVED || cdw11 >>> 16 == QUEUES_RESERVED) {
      c.complete(Status.INVALID_FIELD);
    } else if (controller.queues().anyIo()) {
      c.complete(Status.COMMAND_SEQUENCE_ERROR);
    } else {
      c.dw0 = (int) controller.features().current(Feature.NUMBER_OF_QUEUES, 0, null);
      c.complete(Status.SUCCESS);
    }
  }
}
