package farslot.cards.nvme.spec;

/** The submission queue entry, 64 bytes (Base 3.3.3.1, figure 87). */
public final class Sqe {
  public static final int BYTES = 64;

  /** log2 of the size, as CC.IOSQES says it. */
  public static final int SIZE_LOG2 = 6;

  public static final int OPCODE = 0;

  /** FUSE in bits 1:0, PSDT in bits 7:6. */
  public static final int FLAGS = 1;

  public static final int CID = 2;
  public static final int NSID = 4;
  public static final int PRP1 = 24;
  public static final int PRP2 = 32;

  /** The SGL descriptor that lies where PRP1 and PRP2 are. */
  public static final int SGL1 = 24;

  public static final int CDW10 = 40;
  public static final int CDW11 = 44;
  public static final int CDW12 = 48;
  public static final int CDW13 = 52;
  public static final int CDW14 = 56;
  public static final int CDW15 = 60;

  public static final int FUSE_MASK = 3;
  public static final int FUSE_NONE = 0;
  public static final int FUSE_FIRST = 1;
  public static final int FUSE_SECOND = 2;

  public static final int PSDT_SHIFT = 6;
  public static final int PSDT_PRP = 0;
  public static final int PSDT_RESERVED = 3;

  /** All namespaces (Base 3.2.1.2). */
  public static final int NSID_BROADCAST = -1;

  private Sqe() {}
}
