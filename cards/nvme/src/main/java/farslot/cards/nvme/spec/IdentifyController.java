package farslot.cards.nvme.spec;

/** Offsets in the Identify Controller data structure (Base 5.17.2.1, figure 275). */
public final class IdentifyController {
  public static final int VID = 0;
  public static final int SSVID = 2;
  public static final int SN = 4;
  public static final int SN_BYTES = 20;
  public static final int MN = 24;
  public static final int MN_BYTES = 40;
  public static final int FR = 64;
  public static final int FR_BYTES = 8;
  public static final int RAB = 72;
  public static final int MDTS = 77;
  public static final int CNTLID = 78;
  public static final int VER = 80;
  public static final int RTD3R = 84;
  public static final int RTD3E = 88;
  public static final int OAES = 92;
  public static final int CNTRLTYPE = 111;
  public static final int OACS = 256;
  public static final int ACL = 258;
  public static final int AERL = 259;
  public static final int FRMW = 260;
  public static final int LPA = 261;
  public static final int ELPE = 262;
  public static final int WCTEMP = 266;
  public static final int CCTEMP = 268;
  public static final int TNVMCAP = 280;
  public static final int SQES = 512;
  public static final int CQES = 513;
  public static final int MAXCMD = 514;
  public static final int NN = 516;
  public static final int ONCS = 520;
  public static final int FUSES = 522;
  public static final int FNA = 524;
  public static final int VWC = 525;
  public static final int AWUN = 526;
  public static final int AWUPF = 528;
  public static final int ACWU = 532;
  public static final int SGLS = 536;
  public static final int MNAN = 540;
  public static final int SUBNQN = 768;
  public static final int SUBNQN_BYTES = 256;
  public static final int PSD0 = 2048;

  public static final int CNTRLTYPE_IO = 1;
  public static final int OAES_NAMESPACE_ATTRIBUTE = 1 << 8;
  public static final int OACS_FORMAT = 1 << 1;
  public static final int OACS_DOORBELL_BUFFER_CONFIG = 1 << 8;

  /** Slot 1 read only, one slot. */
  public static final int FRMW_ONE_FIXED_SLOT = 1 | 1 << 1;

  public static final int LPA_COMMANDS_SUPPORTED = 1 << 1;
  public static final int LPA_EXTENDED_DATA = 1 << 2;
  public static final int LPA_SUPPORTED_PAGES = 1 << 5;

  public static final int ONCS_COMPARE = 1;
  public static final int ONCS_DATASET_MANAGEMENT = 1 << 2;
  public static final int ONCS_WRITE_ZEROES = 1 << 3;
  public static final int ONCS_SAVE_SELECT = 1 << 4;
  public static final int ONCS_TIMESTAMP = 1 << 6;
  public static final int ONCS_VERIFY = 1 << 7;

  public static final int FUSES_COMPARE_AND_WRITE = 1;

  /** A cache is there, and Flush takes the broadcast NSID. */
  public static final int VWC_PRESENT_BROADCAST = 1 | 3 << 1;

  public static final int SGLS_ANY_ALIGNMENT = 1;
  public static final int SGLS_BIT_BUCKET = 1 << 16;
  public static final int SGLS_LONGER = 1 << 18;

  private IdentifyController() {}
}
