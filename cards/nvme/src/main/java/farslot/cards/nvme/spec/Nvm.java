package farslot.cards.nvme.spec;

/** Fields of NVM commands (NVM 3.2). */
public final class Nvm {
  // CDW12 of Read, Write, Compare, Verify, Write Zeroes.
  public static final int NLB_MASK = 0xFFFF;
  public static final int DTYPE_SHIFT = 20;
  public static final int DTYPE_MASK = 0xF;
  public static final int DEAC = 1 << 25;
  public static final int FUA = 1 << 30;

  // Dataset Management (NVM 3.2.3): ranges of attributes, length, starting LBA.
  public static final int DSM_NR_MASK = 0xFF;
  public static final int DSM_AD = 1 << 2;
  public static final int DSM_RANGE_BYTES = 16;
  public static final int DSM_RANGE_LENGTH = 4;
  public static final int DSM_RANGE_SLBA = 8;

  // Format NVM CDW10 (Base 5.14, figure 189).
  public static final int FORMAT_LBAFL_MASK = 0xF;
  public static final int FORMAT_PI_SHIFT = 5;
  public static final int FORMAT_PI_MASK = 7;
  public static final int FORMAT_SES_SHIFT = 9;
  public static final int FORMAT_SES_MASK = 7;
  public static final int FORMAT_LBAFU_SHIFT = 12;
  public static final int FORMAT_LBAFU_MASK = 3;
  public static final int FORMAT_MSET = 1 << 4;
  public static final int SES_USER_DATA = 1;

  private Nvm() {}
}
