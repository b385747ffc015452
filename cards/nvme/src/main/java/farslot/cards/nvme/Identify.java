package farslot.cards.nvme;

import farslot.cards.nvme.spec.Cns;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import java.lang.foreign.MemorySegment;

/** Identify (Base 5.17). */
final class Identify implements Operation {
  private static final int CHECK = 0;
  private static final int FILL = 1;
  private static final int SEND = 2;
  private static final int LIST_NSID_MAX = 0xFFFF_FFFD;

  private final Controller controller;
  private final IdentifyData data;

  Identify(Controller controller) {
    this.controller = controller;
    data = new IdentifyData(controller);
  }

  @Override
  public void advance(Command c) {
    switch (c.phase) {
      case CHECK -> {
        int status = check(c);
        if (status == Status.SUCCESS) {
          c.phase = FILL;
          c.wantBuffer(Cns.BYTES);
        } else {
          c.complete(status);
        }
      }
      case FILL -> {
        c.phase = SEND;
        MemorySegment page = c.buffer.memory.asSlice(0, Cns.BYTES).fill((byte) 0);
        fill(c, page);
        c.map(Cns.BYTES, true);
      }
      default -> {
        if (c.send()) {
          c.complete(Status.SUCCESS);
        }
      }
    }
  }

  private static int cns(Command c) {
    return c.cdw(Sqe.CDW10) & 0xFF;
  }

  private static int csi(Command c) {
    return c.cdw(Sqe.CDW11) >>> 24;
  }

  private int check(Command c) {
    int cns = cns(c);
    return switch (cns) {
      case Cns.CONTROLLER, Cns.IO_COMMAND_SETS, Cns.CONTROLLERS -> Status.SUCCESS;
      case Cns.NAMESPACE,
          Cns.NAMESPACE_DESCRIPTORS,
          Cns.INDEPENDENT_NAMESPACE,
          Cns.ALLOCATED_NAMESPACE,
          Cns.ATTACHED_CONTROLLERS ->
          existing(c);
      case Cns.ACTIVE_NAMESPACES, Cns.ALLOCATED_NAMESPACES -> listed(c);
      case Cns.IO_CONTROLLER -> nvm(c, Status.SUCCESS);
      case Cns.IO_NAMESPACE, Cns.IO_ALLOCATED_NAMESPACE -> nvm(c, existing(c));
      case Cns.IO_ACTIVE_NAMESPACES, Cns.IO_ALLOCATED_NAMESPACES -> nvm(c, listed(c));
      default -> Status.INVALID_FIELD;
    };
  }

  /** Every valid identifier is of an active namespace here; all others do not exist. */
  private int existing(Command c) {
    return controller.namespace(c.nsid()) == null ? Status.INVALID_NAMESPACE : Status.SUCCESS;
  }

  /** "If the NSID field is FFFFFFFEh or FFFFFFFFh, then ... Invalid Namespace or Format". */
  private static int listed(Command c) {
    return Integer.compareUnsigned(c.nsid(), LIST_NSID_MAX) > 0
        ? Status.INVALID_NAMESPACE
        : Status.SUCCESS;
  }

  private static int nvm(Command c, int status) {
    return csi(c) == Cns.CSI_NVM ? status : Status.INVALID_FIELD;
  }

  private void fill(Command c, MemorySegment page) {
    Namespace namespace = controller.namespace(c.nsid());
    switch (cns(c)) {
      case Cns.CONTROLLER -> data.controller(page);
      case Cns.NAMESPACE, Cns.ALLOCATED_NAMESPACE -> data.namespace(page, namespace);
      case Cns.NAMESPACE_DESCRIPTORS -> data.descriptors(page, namespace);
      case Cns.INDEPENDENT_NAMESPACE -> data.independentNamespace(page, namespace);
      case Cns.ACTIVE_NAMESPACES,
          Cns.ALLOCATED_NAMESPACES,
          Cns.IO_ACTIVE_NAMESPACES,
          Cns.IO_ALLOCATED_NAMESPACES ->
          data.namespaceList(page, c.nsid());
      case Cns.ATTACHED_CONTROLLERS, Cns.CONTROLLERS ->
          data.controllerList(page, c.cdw(Sqe.CDW10) >>> 16);
      case Cns.IO_COMMAND_SETS -> data.commandSets(page);
      default -> {
        // I/O command set specific structures: no limits of their own (VSL, WZSL, DMRL are 0), no
        // protection information, so all zeroes.
      }
    }
  }
}
