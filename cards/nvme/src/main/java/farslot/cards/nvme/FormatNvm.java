package farslot.cards.nvme;

import farslot.cards.nvme.spec.Nvm;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import java.util.List;

/**
 * Format NVM (Base 5.14): one namespace or all, one after the other. Commands for a namespace that
 * come meanwhile fail; those that are there finish first. What was there reads as zeroes after.
 */
final class FormatNvm implements Operation {
  private static final int CHECK = 0;
  private static final int ENTER = 1;
  private static final int ERASE = 2;
  private static final int FLUSH = 3;
  private static final int SWITCH = 4;

  private final Controller controller;

  FormatNvm(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void advance(Command c) {
    switch (c.phase) {
      case CHECK -> {
        int status = check(c);
        if (status == Status.SUCCESS) {
          begin(c);
        } else {
          c.complete(status);
        }
      }
      case ENTER -> {
        c.phase = ERASE;
        c.namespace = targets(c).get(c.index);
        c.enterGate();
      }
      case ERASE -> {
        c.phase = FLUSH;
        c.storeDeallocate(0, c.namespace.store.sizeBytes());
      }
      case FLUSH -> {
        c.phase = SWITCH;
        c.namespace.store.blockBytes(1 << Namespace.LBA_SHIFTS[lbaFormat(c)]);
        c.storeFlush();
      }
      default -> formatted(c);
    }
  }

  private int check(Command c) {
    int cdw10 = c.cdw(Sqe.CDW10);
    int ses = cdw10 >> Nvm.FORMAT_SES_SHIFT & Nvm.FORMAT_SES_MASK;
    if (c.nsid() != Sqe.NSID_BROADCAST && controller.namespace(c.nsid()) == null) {
      return Status.INVALID_NAMESPACE;
    }
    if (ses > Nvm.SES_USER_DATA) {
      return Status.INVALID_FIELD; // FNA says that there is no cryptographic erase
    }
    int protection = cdw10 >> Nvm.FORMAT_PI_SHIFT & Nvm.FORMAT_PI_MASK;
    if (lbaFormat(c) >= Namespace.LBA_SHIFTS.length
        || protection != 0
        || (cdw10 & Nvm.FORMAT_MSET) != 0) {
      return Status.INVALID_FORMAT;
    }
    for (Namespace namespace : targets(c)) {
      if (namespace.store.readOnly()) {
        return Status.NAMESPACE_WRITE_PROTECTED;
      }
      if (namespace.formatting) {
        return Status.FORMAT_IN_PROGRESS;
      }
      if (namespace.format() != lbaFormat(c) && !namespace.store.keepsBlockBytes()) {
        // After the next start the server would find another geometry than it left.
        return Status.INVALID_FORMAT;
      }
    }
    return Status.SUCCESS;
  }

  private static int lbaFormat(Command c) {
    int cdw10 = c.cdw(Sqe.CDW10);
    int upper = cdw10 >> Nvm.FORMAT_LBAFU_SHIFT & Nvm.FORMAT_LBAFU_MASK;
    return cdw10 & Nvm.FORMAT_LBAFL_MASK | upper << 4;
  }

  private List<Namespace> targets(Command c) {
    return c.nsid() == Sqe.NSID_BROADCAST
        ? controller.namespaces()
        : List.of(controller.namespace(c.nsid()));
  }

  private void begin(Command c) {
    if (targets(c).isEmpty()) {
      c.complete(Status.SUCCESS);
      return;
    }
    for (Namespace namespace : targets(c)) {
      namespace.formatting = true;
    }
    c.index = 0;
    c.alone = true;
    c.phase = ENTER;
  }

  private void formatted(Command c) {
    Namespace namespace = c.namespace;
    namespace.format(lbaFormat(c));
    namespace.formatting = false;
    controller.changed().add(namespace.nsid);
    c.gate.leave(c);
    if (++c.index == targets(c).size()) {
      c.complete(Status.SUCCESS);
    } else {
      c.phase = ENTER;
    }
  }

  @Override
  public void released(Command c) {
    if (c.phase != CHECK) {
      List<Namespace> targets = targets(c);
      for (int i = c.index; i < targets.size(); i++) {
        targets.get(i).formatting = false;
      }
    }
  }
}
