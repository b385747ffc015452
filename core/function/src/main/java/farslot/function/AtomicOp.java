package farslot.function;

import farslot.pcie.TlpType;

/** AtomicOps (PCI Express Base Specification 6.15). Each answers with what was there before. */
public enum AtomicOp {
  /** Adds the operand. */
  FETCH_ADD(TlpType.FETCHADD32, 1),
  /** Puts the operand there, whatever was there. */
  SWAP(TlpType.SWAP32, 1),
  /** Puts the second operand there if the first one was there: compare and swap. */
  CAS(TlpType.CAS32, 2);

  private final int type32;
  private final int operands;

  AtomicOp(int type32, int operands) {
    this.type32 = type32;
    this.operands = operands;
  }

  /** Fmt and Type of the form with a 32-bit address. */
  public int type32() {
    return type32;
  }

  /** How many operands it has, 1 or 2. */
  public int operands() {
    return operands;
  }
}
