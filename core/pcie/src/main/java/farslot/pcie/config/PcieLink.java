package farslot.pcie.config;

/** Link registers in the PCI Express capability (7.5.3.6 to 7.5.3.8, 7.5.3.18 to 7.5.3.20). */
public final class PcieLink {
  /** Link Capabilities, 32 bits (7.5.3.6). */
  public static final int LINK_CAPABILITIES = 0x0C;

  public static final int CAP_SPEED_MASK = 0xF;
  public static final int CAP_WIDTH_SHIFT = 4;
  public static final int CAP_WIDTH_MASK = 0x3F;
  public static final int CAP_ASPM_SHIFT = 10;
  public static final int CAP_SURPRISE_DOWN_REPORTING = 1 << 19;
  public static final int CAP_LINK_ACTIVE_REPORTING = 1 << 20;
  public static final int CAP_ASPM_OPTIONALITY = 1 << 22;
  public static final int CAP_PORT_NUMBER_SHIFT = 24;

  /** Speeds, as Link Capabilities and Link Status count them. */
  public static final int SPEED_2_5_GT = 1;

  public static final int SPEED_5_GT = 2;
  public static final int SPEED_8_GT = 3;
  public static final int SPEED_16_GT = 4;
  public static final int SPEED_32_GT = 5;

  /** Link Control, 16 bits (7.5.3.7). */
  public static final int LINK_CONTROL = 0x10;

  public static final int CTL_ASPM_MASK = 3;

  /** Read Completion Boundary: set is 128 bytes, clear is 64. */
  public static final int CTL_RCB_128 = 1 << 3;

  public static final int CTL_LINK_DISABLE = 1 << 4;
  public static final int CTL_RETRAIN = 1 << 5;
  public static final int CTL_COMMON_CLOCK = 1 << 6;
  public static final int CTL_EXTENDED_SYNCH = 1 << 7;

  /** Link Status, 16 bits (7.5.3.8). */
  public static final int LINK_STATUS = 0x12;

  public static final int STATUS_SPEED_MASK = 0xF;
  public static final int STATUS_WIDTH_SHIFT = 4;
  public static final int STATUS_LINK_TRAINING = 1 << 11;
  public static final int STATUS_SLOT_CLOCK = 1 << 12;
  public static final int STATUS_LINK_ACTIVE = 1 << 13;

  /** Link Capabilities 2, Control 2 and Status 2 (7.5.3.18 to 7.5.3.20). */
  public static final int LINK_CAPABILITIES_2 = 0x2C;

  public static final int CAP2_SPEED_VECTOR_SHIFT = 1;
  public static final int LINK_CONTROL_2 = 0x30;
  public static final int CTL2_TARGET_SPEED_MASK = 0xF;
  public static final int LINK_STATUS_2 = 0x32;

  private PcieLink() {}
}
