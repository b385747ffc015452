package farslot.cards.virtio.spec;

/** Which PCI function is which virtio device (4.1.2). */
public final class PciId {
  public static final int VENDOR = 0x1AF4;

  /** Modern devices: this plus the device type (4.1.2.1). */
  public static final int DEVICE_BASE = 0x1040;

  public static final int DEVICE_LAST = 0x107F;

  /** Modern devices have at least this, so that legacy drivers keep away (4.1.2.1). */
  public static final int REVISION_MODERN = 1;

  /** Device types (5). */
  public static final int TYPE_BLOCK = 2;

  private PciId() {}
}
