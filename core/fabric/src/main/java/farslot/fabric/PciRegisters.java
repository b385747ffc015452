package farslot.fabric;

/**
 * Configuration-space offsets and bits that a root port has to know to bring a function up and to
 * keep its private programming apart from the guest's. Little-endian, offsets in bytes.
 */
final class PciRegisters {
  // Type 0 header (PCI Express Base Specification 7.5.1).
  static final int ID = 0x00;
  static final int COMMAND = 0x04;
  static final int CLASS_REVISION = 0x08;
  static final int BAR0 = 0x10;
  static final int BAR_COUNT = 6;
  static final int ROM_BAR = 0x30;
  static final int CAPABILITIES_POINTER = 0x34;
  static final int INTERRUPT = 0x3C;
  static final int HEADER_BYTES = 0x40;
  static final int LEGACY_BYTES = 0x100;
  static final int CONFIG_BYTES = 4096;

  // Command and, in the upper half of the same DW, Status (7.5.1.1.3, 7.5.1.1.4).
  static final int COMMAND_IO = 1 << 0;
  static final int COMMAND_MEMORY = 1 << 1;
  static final int COMMAND_BUS_MASTER = 1 << 2;
  static final int COMMAND_BYTES_MASK = 0xFFFF;
  static final int STATUS_CAPABILITIES = 1 << 20;

  // Base address registers (7.5.1.2.1, 7.5.1.2.2 and the PCI Local Bus Specification 6.2.5).
  static final int BAR_IO = 1;
  static final int BAR_TYPE_MASK = 6;
  static final int BAR_TYPE_64 = 4;
  static final int BAR_MEMORY_FLAGS = 0xF;
  static final int BAR_IO_FLAGS = 0x3;
  static final int ROM_ENABLE = 1;
  static final int ROM_FLAGS = 0x7FF;

  /** A list longer than this is a loop: 48 DW-aligned structures fill what the header leaves. */
  static final int CAPABILITY_COUNT_MAX = 48;

  // Power management (7.5.2.2): PMCSR follows the capability's first DW.
  static final int PM_CONTROL = 4;
  static final int PM_STATE_MASK = 3;
  static final int PM_STATE_D3 = 3;
  static final int PM_NO_SOFT_RESET = 1 << 3;

  // PCI Express capability (7.5.3).
  static final int PCIE_DEVICE_CAPABILITIES = 0x04;
  static final int PCIE_DEVICE_CONTROL = 0x08;
  static final int PCIE_DEVICE_CAPABILITIES_2 = 0x24;
  static final int PCIE_DEVICE_CONTROL_2 = 0x28;
  static final int DEVCAP_MPS_MASK = 7;
  static final int DEVCAP_FLR = 1 << 28;
  static final int DEVCTL_MPS_SHIFT = 5;
  static final int DEVCTL_MPS = 7 << DEVCTL_MPS_SHIFT;
  static final int DEVCTL_MRRS_SHIFT = 12;
  static final int DEVCTL_MRRS = 7 << DEVCTL_MRRS_SHIFT;
  static final int DEVCTL_MRRS_RESET = 2 << DEVCTL_MRRS_SHIFT;
  static final int DEVCTL_FLR = 1 << 15;
  static final int DEVCTL_EXTENDED_TAG = 1 << 8;
  static final int DEVCTL_RELAXED_ORDERING = 1 << 4;
  static final int DEVCTL_NO_SNOOP = 1 << 11;
  static final int DEVSTA_PENDING = 1 << 21;
  static final int DEVCAP2_TAG10_COMPLETER = 1 << 16;
  static final int DEVCAP2_TAG10_REQUESTER = 1 << 17;
  static final int DEVCTL2_TAG10_REQUESTER = 1 << 12;

  // MSI (7.7.1): Message Control is the upper half of the first DW.
  static final int MSI_ENABLE = 1 << 16;
  static final int MSI_CAPABLE_SHIFT = 17;
  static final int MSI_MULTIPLE_SHIFT = 20;
  static final int MSI_MULTIPLE = 7 << MSI_MULTIPLE_SHIFT;
  static final int MSI_64 = 1 << 23;
  static final int MSI_MASKABLE = 1 << 24;

  // MSI-X (7.7.2).
  static final int MSIX_SIZE_SHIFT = 16;
  static final int MSIX_SIZE_MASK = 0x7FF;
  static final int MSIX_FUNCTION_MASK = 1 << 30;
  static final int MSIX_ENABLE = 1 << 31;
  static final int MSIX_TABLE = 4;
  static final int MSIX_PBA = 8;
  static final int MSIX_BIR = 7;
  static final int MSIX_ENTRY_BYTES = 16;
  static final int MSIX_VECTOR_MASKED = 1;

  private PciRegisters() {}
}
