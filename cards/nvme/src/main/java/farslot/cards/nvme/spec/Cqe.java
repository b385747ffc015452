package farslot.cards.nvme.spec;

/** The completion queue entry, 16 bytes (Base 3.3.3.2, figure 90). */
public final class Cqe {
  public static final int BYTES = 16;

  /** log2 of the size, as CC.IOCQES says it. */
  public static final int SIZE_LOG2 = 4;

  public static final int DW0 = 0;
  public static final int DW1 = 4;
  public static final int SQHD = 8;
  public static final int SQID = 10;
  public static final int CID = 12;

  /** Phase tag in bit 0, status in bits 15:1. */
  public static final int STATUS = 14;

  private Cqe() {}
}
