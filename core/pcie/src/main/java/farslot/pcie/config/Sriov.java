package farslot.pcie.config;

/** The SR-IOV extended capability of a physical function (9.3.3). */
public final class Sriov {
  public static final int BYTES = 0x40;
  public static final int VERSION = 1;

  /** SR-IOV Capabilities, 32 bits (9.3.3.2). */
  public static final int CAPABILITIES = 0x04;

  public static final int CAP_ARI_HIERARCHY_PRESERVED = 1 << 1;
  public static final int CAP_TAG_10_BIT_REQUESTER = 1 << 2;

  /** SR-IOV Control, 16 bits (9.3.3.3). */
  public static final int CONTROL = 0x08;

  public static final int VF_ENABLE = 1 << 0;
  public static final int VF_MEMORY_SPACE = 1 << 3;
  public static final int ARI_CAPABLE_HIERARCHY = 1 << 4;
  public static final int VF_TAG_10_BIT_REQUESTER = 1 << 5;

  /** Status and counts, 16 bits each (9.3.3.4 to 9.3.3.8). */
  public static final int STATUS = 0x0A;

  public static final int INITIAL_VFS = 0x0C;
  public static final int TOTAL_VFS = 0x0E;
  public static final int NUM_VFS = 0x10;
  public static final int FUNCTION_DEPENDENCY_LINK = 0x12;

  /** Routing IDs of the VFs: the PF's plus offset plus stride times number (9.3.3.9, 9.3.3.10). */
  public static final int FIRST_VF_OFFSET = 0x14;

  public static final int VF_STRIDE = 0x16;

  /** VF Device ID, 16 bits (9.3.3.11). */
  public static final int VF_DEVICE_ID = 0x1A;

  /** Page sizes, a bit for 4 KiB shifted left each (9.3.3.12, 9.3.3.13). */
  public static final int SUPPORTED_PAGE_SIZES = 0x1C;

  public static final int SYSTEM_PAGE_SIZE = 0x20;
  public static final int PAGE_SIZES_MANDATORY = 0x553;

  /** VF BAR0, as BARs are but for all VFs at once (9.3.3.14). */
  public static final int VF_BAR0 = 0x24;

  /** VF Migration State Array Offset (9.3.3.15). */
  public static final int VF_MIGRATION_STATE = 0x3C;

  private Sriov() {}
}
