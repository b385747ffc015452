package farslot.cards.nic82599.spec;

/** Identity and BARs of a virtual function (9.5, PCIe SR-IOV). */
public final class PciId {
  public static final int VENDOR = 0x8086;
  public static final int DEVICE_82599_VF = 0x10ED;
  public static final int DEVICE_X540_VF = 0x1515;
  public static final int REVISION = 1;

  /** Intel's Ethernet Server Adapter X520-2, as whose functions they show. */
  public static final int SUBSYSTEM = 0x0003;

  /** Ethernet controller. */
  public static final int CLASS_CODE = 0x020000;

  public static final int REGISTERS_BAR = 0;
  public static final int REGISTERS_BYTES = 16 << 10;
  public static final int MSIX_BAR = 3;
  public static final int MSIX_BYTES = 16 << 10;
  public static final int MSIX_TABLE = 0;
  public static final int MSIX_PBA = 0x2000;

  /** Two for queues, one for the mailbox. */
  public static final int MSIX_VECTORS = 3;

  private PciId() {}
}
