package farslot.cards.nvme;

import farslot.cards.nvme.spec.Feature;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;

/** Get Features (Base 5.15): current, default, saved values, and what can be done with them. */
final class GetFeatures implements Operation {
  private static final int CHECK = 0;
  private static final int FILL = 1;
  private static final int SEND = 2;

  private final Controller controller;

  GetFeatures(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    int fid = c.cdw(Sqe.CDW10) & 0xFF;
    int select = c.cdw(Sqe.CDW10) >> 8 & 7;
    switch (c.phase) {
      case CHECK -> check(c, fid, select);
      case FILL -> {
        c.phase = SEND;
        LittleEndian.i64(c.buffer.memory, 0, select == Feature.SEL_CURRENT ? timestamp() : 0);
        c.map(Feature.TIMESTAMP_BYTES, true);
      }
      default -> {
        if (c.send()) {
          c.complete(Status.SUCCESS);
        }
      }
    }
  }

  private long timestamp() {
    return controller.features().timestamp();
  }

  private void check(Command c, int fid, int select) {
    if (!Features.exists(fid) || select > Feature.SEL_SUPPORTED) {
      c.complete(Status.INVALID_FIELD);
    } else if (select == Feature.SEL_SUPPORTED) {
      c.dw0 =
          Feature.CAPABILITY_CHANGEABLE
              | (Features.ofNamespace(fid) ? Feature.CAPABILITY_NAMESPACE_SPECIFIC : 0);
      c.complete(Status.SUCCESS);
    } else if (Features.ofNamespace(fid) && controller.namespace(c.nsid()) == null) {
      c.complete(Status.INVALID_NAMESPACE);
    } else if (fid == Feature.TIMESTAMP) {
      c.phase = FILL;
      c.wantBuffer(Feature.TIMESTAMP_BYTES);
    } else {
      answer(c, value(c, fid, select));
    }
  }

  /** "If the feature is not saveable, the default value is returned" (Base 5.15, SEL 010b). */
  private long value(Command c, int fid, int select) {
    int cdw11 = c.cdw(Sqe.CDW11);
    return select == Feature.SEL_CURRENT
        ? controller.features().current(fid, cdw11, controller.namespace(c.nsid()))
        : controller.features().initial(fid, cdw11);
  }

  private static void answer(Command c, long value) {
    if (value < 0) {
      c.complete((int) (-1 - value));
    } else {
      c.dw0 = (int) value;
      c.complete(Status.SUCCESS);
    }
  }
}
