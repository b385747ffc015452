package farslot.cards.nvme.spec;

/** Controller properties: registers of BAR0 and their fields (Base 3.1.3). */
public final class Property {
  // Offsets, bytes (Base figure 33).
  public static final int CAP = 0x00;
  public static final int VS = 0x08;
  public static final int INTMS = 0x0C;
  public static final int INTMC = 0x10;
  public static final int CC = 0x14;
  public static final int CSTS = 0x1C;
  public static final int AQA = 0x24;
  public static final int ASQ = 0x28;
  public static final int ACQ = 0x30;
  public static final int CRTO = 0x68;

  /** Doorbells: SQ y tail at y * 8, CQ y head at y * 8 + 4, stride 4 (PCIe 3.1.2). */
  public static final int DOORBELLS = 0x1000;

  // CAP: shifts and bits (Base 3.1.3.1).
  public static final int CAP_MQES_SHIFT = 0;
  public static final int CAP_CQR = 1 << 16;
  public static final int CAP_TO_SHIFT = 24;
  public static final int CAP_DSTRD_SHIFT = 32;
  public static final int CAP_DSTRD_MASK = 0xF;
  public static final long CAP_CSS_NVM = 1L << 37;
  public static final long CAP_CSS_IOCSS = 1L << 43;
  public static final int CAP_MPSMIN_SHIFT = 48;
  public static final int CAP_MPSMAX_SHIFT = 52;
  public static final long CAP_CRWMS = 1L << 59;

  /** 2.0.0 (Base 3.1.3.2). */
  public static final int VS_2_0 = 0x0002_0000;

  // CC (Base 3.1.3.5).
  public static final int CC_EN = 1;
  public static final int CC_CSS_SHIFT = 4;
  public static final int CC_CSS_MASK = 7;
  public static final int CSS_NVM = 0;
  public static final int CSS_ALL = 6;
  public static final int CC_MPS_SHIFT = 7;
  public static final int CC_MPS_MASK = 0xF;
  public static final int CC_AMS_SHIFT = 11;
  public static final int CC_AMS_MASK = 7;
  public static final int CC_SHN_SHIFT = 14;
  public static final int CC_SHN_MASK = 3;
  public static final int CC_IOSQES_SHIFT = 16;
  public static final int CC_IOCQES_SHIFT = 20;
  public static final int CC_ES_MASK = 0xF;
  public static final int CC_DEFINED = 0x00FF_FFF1;

  // CSTS (Base 3.1.3.6).
  public static final int CSTS_RDY = 1;
  public static final int CSTS_CFS = 1 << 1;
  public static final int CSTS_SHST_MASK = 3 << 2;
  public static final int CSTS_SHST_OCCURRING = 1 << 2;
  public static final int CSTS_SHST_COMPLETE = 2 << 2;

  // AQA: both sizes are 0's based (Base 3.1.3.8).
  public static final int AQA_SIZE_MASK = 0xFFF;
  public static final int AQA_ACQS_SHIFT = 16;

  private Property() {}
}
