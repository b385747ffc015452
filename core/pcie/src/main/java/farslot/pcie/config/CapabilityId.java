package farslot.pcie.config;

/** The list of capabilities in the first 256 bytes, and who is in it (7.5.1.1.11, 7.5.2, 7.7). */
public final class CapabilityId {
  /** Layout of each entry; a next pointer of 0 ends the list, its low two bits are reserved. */
  public static final int ID = 0;

  public static final int NEXT = 1;
  public static final int NEXT_MASK = 0xFC;

  /** IDs (PCI Code and ID Assignment Specification, section 2). */
  public static final int POWER_MANAGEMENT = 0x01;

  public static final int VPD = 0x03;
  public static final int MSI = 0x05;
  public static final int VENDOR_SPECIFIC = 0x09;
  public static final int SUBSYSTEM_ID = 0x0D;
  public static final int PCI_EXPRESS = 0x10;
  public static final int MSIX = 0x11;
  public static final int ADVANCED_FEATURES = 0x13;
  public static final int ENHANCED_ALLOCATION = 0x14;

  private CapabilityId() {}
}
