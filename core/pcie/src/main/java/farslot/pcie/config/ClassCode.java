package farslot.pcie.config;

/**
 * Class codes, 24 bits: base class, sub-class, programming interface (PCI Code and ID Assignment
 * Specification, section 1).
 */
public final class ClassCode {
  /** Base class 01h, mass storage. */
  public static final int NVME_IO_CONTROLLER = 0x010802;

  public static final int NVME_ADMINISTRATIVE_CONTROLLER = 0x010803;
  public static final int AHCI = 0x010601;
  public static final int SCSI = 0x010000;

  /** Base class 02h, network. */
  public static final int ETHERNET = 0x020000;

  /** Base class 03h, display. */
  public static final int VGA = 0x030000;

  public static final int DISPLAY_3D = 0x030200;

  /** Base class 05h, memory. */
  public static final int RAM = 0x050000;

  /** Base class 06h, bridges. */
  public static final int HOST_BRIDGE = 0x060000;

  public static final int PCI_TO_PCI_BRIDGE = 0x060400;

  /** Base class 07h, simple communication. */
  public static final int SERIAL_16550 = 0x070002;

  /** Base class 0Ch, serial buses. */
  public static final int USB_XHCI = 0x0C0330;

  /** Base class 12h, processing accelerators. */
  public static final int ACCELERATOR = 0x120000;

  /** Base class FFh: fits no other. */
  public static final int UNASSIGNED = 0xFF0000;

  private ClassCode() {}
}
