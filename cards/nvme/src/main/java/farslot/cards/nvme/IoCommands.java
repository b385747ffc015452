package farslot.cards.nvme;

import farslot.cards.nvme.spec.Nvm;
import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Sqe;
import farslot.cards.nvme.spec.Status;
import farslot.pcie.LittleEndian;

/** The NVM command set (NVM 3.2): what each command must satisfy before it begins. */
final class IoCommands {
  private final Controller controller;
  private final Operation[] operations = new Operation[256];
  private final Operation fusedCompare;
  private final Operation fusedWrite;

  IoCommands(Controller controller) {
    this.controller = controller;
    operations[Opcode.FLUSH] = new Flush(controller);
    operations[Opcode.WRITE] = new Write(controller);
    operations[Opcode.READ] = new Read(controller);
    operations[Opcode.COMPARE] = new Compare(controller);
    operations[Opcode.WRITE_ZEROES] = new WriteZeroes(controller);
    operations[Opcode.DATASET_MANAGEMENT] = new DatasetManagement();
    operations[Opcode.VERIFY] = new Verify(controller);
    fusedCompare = new FusedPair.First(controller);
    fusedWrite = new FusedPair.Second(controller);
  }

  static boolean supports(int opcode) {
    return switch (opcode) {
      case Opcode.FLUSH,
          Opcode.WRITE,
          Opcode.READ,
          Opcode.COMPARE,
          Opcode.WRITE_ZEROES,
          Opcode.DATASET_MANAGEMENT,
          Opcode.VERIFY ->
          true;
      default -> false;
    };
  }

  void execute(Command c) {
    int status = check(c);
    if (status == Status.SUCCESS) {
      c.operation = operations[c.opcode()];
      c.run();
    } else {
      c.complete(status);
    }
  }

  /** A pair that came one after the other (Base 3.4.2, NVM 2.1.2): Compare, then Write. */
  void executeFused(Command first, Command second) {
    int status = checkPair(first, second);
    if (status == Status.SUCCESS) {
      status = check(first);
    }
    int secondStatus = status == Status.SUCCESS ? check(second) : Status.ABORTED_FAILED_FUSED;
    if (status == Status.SUCCESS && secondStatus == Status.SUCCESS) {
      first.operation = fusedCompare;
      second.operation = fusedWrite;
      first.partner = second;
      second.partner = first;
      first.run();
      second.run();
    } else {
      first.complete(status == Status.SUCCESS ? Status.ABORTED_FAILED_FUSED : status);
      second.complete(secondStatus);
    }
  }

  private static int checkPair(Command first, Command second) {
    boolean sameRange =
        first.nsid() == second.nsid()
            && LittleEndian.i64(first.sqe, Sqe.CDW10) == LittleEndian.i64(second.sqe, Sqe.CDW10)
            && blocks(first) == blocks(second);
    if (first.opcode() != Opcode.COMPARE || second.opcode() != Opcode.WRITE || !sameRange) {
      return Status.INVALID_FIELD;
    }
    return blocks(first) > NvmeLimits.COMPARE_AND_WRITE_BLOCKS_MAX
        ? Status.ATOMIC_WRITE_UNIT_EXCEEDED
        : Status.SUCCESS;
  }

  private int check(Command c) {
    int opcode = c.opcode();
    if (operations[opcode] == null) {
      return Status.INVALID_OPCODE;
    }
    if (c.psdt() == Sqe.PSDT_RESERVED || c.fuse() == 3) {
      return Status.INVALID_FIELD;
    }
    if (opcode == Opcode.FLUSH && c.nsid() == Sqe.NSID_BROADCAST) {
      return Status.SUCCESS;
    }
    Namespace namespace = controller.namespace(c.nsid());
    if (namespace == null) {
      return Status.INVALID_NAMESPACE;
    }
    c.namespace = namespace;
    if (namespace.formatting) {
      return Status.FORMAT_IN_PROGRESS;
    }
    return checkOwn(c, opcode);
  }

  private static int checkOwn(Command c, int opcode) {
    int status = Status.SUCCESS;
    if (changes(c, opcode) && c.namespace.store.readOnly()) {
      status = Status.NAMESPACE_WRITE_PROTECTED;
    } else if (opcode == Opcode.WRITE && directive(c) != 0) {
      status = Status.INVALID_FIELD; // directives are not supported, so none may be named
    } else if (opcode != Opcode.FLUSH && opcode != Opcode.DATASET_MANAGEMENT) {
      status = range(c);
    }
    boolean transfers = opcode == Opcode.READ || opcode == Opcode.WRITE || opcode == Opcode.COMPARE;
    return status == Status.SUCCESS && transfers && c.bytes > NvmeLimits.DATA_BYTES_MAX
        ? Status.INVALID_FIELD
        : status;
  }

  private static boolean changes(Command c, int opcode) {
    return opcode == Opcode.WRITE
        || opcode == Opcode.WRITE_ZEROES
        || opcode == Opcode.DATASET_MANAGEMENT && (c.cdw(Sqe.CDW11) & Nvm.DSM_AD) != 0;
  }

  private static int directive(Command c) {
    return c.cdw(Sqe.CDW12) >> Nvm.DTYPE_SHIFT & Nvm.DTYPE_MASK;
  }

  /** Logical blocks, from the 0's based NLB. */
  static int blocks(Command c) {
    return (c.cdw(Sqe.CDW12) & Nvm.NLB_MASK) + 1;
  }

  /** Checks SLBA and NLB against the namespace, and notes them in bytes. */
  private static int range(Command c) {
    long first = LittleEndian.i64(c.sqe, Sqe.CDW10);
    int blocks = blocks(c);
    long last = c.namespace.blocks() - blocks;
    if (first < 0 || first > last) {
      return Status.LBA_OUT_OF_RANGE;
    }
    c.position = first << c.namespace.shift();
    c.bytes = (long) blocks << c.namespace.shift();
    return Status.SUCCESS;
  }
}
