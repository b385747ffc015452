package farslot.pcie.config;

/** The list of extended capabilities, from offset 100h (7.6.3), and who is in it. */
public final class ExtendedCapabilityId {
  /** Where the list begins. A header of 0 there says that it is empty. */
  public static final int FIRST = 0x100;

  /** Header DW of each entry: ID in 15:0, version in 19:16, next in 31:20. */
  public static final int ID_MASK = 0xFFFF;

  public static final int VERSION_SHIFT = 16;
  public static final int VERSION_MASK = 0xF;
  public static final int NEXT_SHIFT = 20;
  public static final int NEXT_MASK = 0xFFC;

  /** IDs (PCI Code and ID Assignment Specification, section 3). */
  public static final int AER = 0x0001;

  public static final int VIRTUAL_CHANNEL = 0x0002;
  public static final int DEVICE_SERIAL_NUMBER = 0x0003;
  public static final int POWER_BUDGETING = 0x0004;
  public static final int VENDOR_SPECIFIC = 0x000B;
  public static final int ACS = 0x000D;
  public static final int ARI = 0x000E;
  public static final int ATS = 0x000F;
  public static final int SRIOV = 0x0010;
  public static final int PAGE_REQUEST = 0x0013;
  public static final int RESIZABLE_BAR = 0x0015;
  public static final int TPH_REQUESTER = 0x0017;
  public static final int LTR = 0x0018;
  public static final int SECONDARY_PCI_EXPRESS = 0x0019;
  public static final int PASID = 0x001B;
  public static final int DPC = 0x001D;
  public static final int L1_PM_SUBSTATES = 0x001E;
  public static final int PTM = 0x001F;
  public static final int DESIGNATED_VENDOR_SPECIFIC = 0x0023;

  private ExtendedCapabilityId() {}

  /** The header DW of a capability; {@code next} 0 ends the list. */
  public static int header(int id, int version, int next) {
    return id | version << VERSION_SHIFT | next << NEXT_SHIFT;
  }
}
