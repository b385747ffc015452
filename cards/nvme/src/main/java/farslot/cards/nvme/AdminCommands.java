package farslot.cards.nvme;

import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;

/** The admin command set (Base 5). */
final class AdminCommands {
  private final Operation[] operations = new Operation[256];

  AdminCommands(Controller controller) {
    operations[Opcode.DELETE_IO_SQ] = new DeleteSubmissionQueue(controller);
    operations[Opcode.CREATE_IO_SQ] = new CreateSubmissionQueue(controller);
    operations[Opcode.GET_LOG_PAGE] = new GetLogPage(controller, this);
    operations[Opcode.DELETE_IO_CQ] = new DeleteCompletionQueue(controller);
    operations[Opcode.CREATE_IO_CQ] = new CreateCompletionQueue(controller);
    operations[Opcode.IDENTIFY] = new Identify(controller);
    operations[Opcode.ABORT] = new Abort(controller);
    operations[Opcode.SET_FEATURES] = new SetFeatures(controller);
    operations[Opcode.GET_FEATURES] = new GetFeatures(controller);
    operations[Opcode.ASYNC_EVENT_REQUEST] = c -> controller.events().request(c);
    operations[Opcode.FORMAT_NVM] = new FormatNvm(controller);
  }

  boolean supports(int opcode) {
    return operations[opcode] != null;
  }

  void execute(Command c) {
    Operation operation = operations[c.opcode()];
    if (operation == null) {
      c.complete(Status.INVALID_OPCODE);
    } else if (c.fuse() != Sqe.FUSE_NONE || c.psdt() != Sqe.PSDT_PRP) {
      // "shall use PRPs for ... admin commands over PCIe" (PCIe 3.2): nothing else is legal here.
      c.complete(Status.INVALID_FIELD);
    } else {
      c.operation = operation;
      c.run();
    }
  }
}
