package farslot.fabric.software;

/** What the driver uses of the Virtual I/O Device (VIRTIO) specification, Version 1.2. */
final class VirtioRegisters {
  // Capabilities (4.1.4): cfg_type, and fields, bytes.
  static final int VENDOR_SPECIFIC = 0x09;
  static final int COMMON_CFG = 1;
  static final int NOTIFY_CFG = 2;
  static final int DEVICE_CFG = 4;

  // Common configuration (4.1.4.3).
  static final int DRIVER_FEATURE_SELECT = 0x08;
  static final int DRIVER_FEATURE = 0x0C;
  static final int CONFIG_MSIX_VECTOR = 0x10;
  static final int DEVICE_STATUS = 0x14;
  static final int QUEUE_SELECT = 0x16;
  static final int QUEUE_SIZE = 0x18;
  static final int QUEUE_MSIX_VECTOR = 0x1A;
  static final int QUEUE_ENABLE = 0x1C;
  static final int QUEUE_DESC = 0x20;
  static final int QUEUE_DRIVER = 0x28;
  static final int QUEUE_DEVICE = 0x30;

  // Device status (2.1).
  static final int ACKNOWLEDGE = 1;
  static final int DRIVER = 2;
  static final int DRIVER_OK = 4;
  static final int FEATURES_OK = 8;

  // Features (5.2.3, 6), lower and upper half.
  static final int FEATURES_LOW = 1 << 28 | 1 << 9;
  static final int FEATURES_HIGH = 1;

  // Descriptors (2.7.5).
  static final int DESC_BYTES = 16;
  static final int F_NEXT = 1;
  static final int F_WRITE = 2;
  static final int F_INDIRECT = 4;

  // Block requests (5.2.6).
  static final int SECTOR_BYTES = 512;
  static final int HEADER_BYTES = 16;
  static final int T_IN = 0;
  static final int T_OUT = 1;
  static final int T_FLUSH = 4;

  private VirtioRegisters() {}
}
