package farslot.cards.virtio.spec;

/** The vendor-specific capabilities that say where a device's structures are (4.1.4). */
public final class PciCap {
  // Layout of struct virtio_pci_cap, bytes.
  public static final int ID = 0;
  public static final int NEXT = 1;
  public static final int LENGTH = 2;
  public static final int CFG_TYPE = 3;
  public static final int BAR = 4;
  public static final int OFFSET = 8;
  public static final int SIZE = 12;

  /** notify_off_multiplier of {@link #NOTIFY_CFG} (4.1.4.4). */
  public static final int NOTIFY_MULTIPLIER = 16;

  /** pci_cfg_data of {@link #PCI_CFG} (4.1.4.9). */
  public static final int PCI_CFG_DATA = 16;

  // cfg_type.
  public static final int COMMON_CFG = 1;
  public static final int NOTIFY_CFG = 2;
  public static final int ISR_CFG = 3;
  public static final int DEVICE_CFG = 4;
  public static final int PCI_CFG = 5;

  /** PCI's own: the ID that all of them have, and where the list begins. */
  public static final int VENDOR_SPECIFIC = 0x09;

  public static final int LIST = 0x34;

  private PciCap() {}
}
