package farslot.cards.nettlp;

/** The adapter's identity and layout (github.com/NetTLP/adapter caf0ed7, boards/kc705). */
final class NetTlpSpec {
  static final int VENDOR_ID = 0x3776;
  static final int DEVICE_ID = 0x8022;

  /** Memory controller, other: what its PCIe core is generated with unless told otherwise. */
  static final int CLASS_CODE = 0x058000;

  // BAR 0: the adapter's own registers, of which two are here.
  static final int REGISTERS_BAR = 0;
  static final int REGISTERS_BYTES = 16 << 10;

  /** u32: the adapter keeps 01234567h and turns its bytes for the host, so they are 67 45 23 01. */
  static final int MAGIC = 0x00;

  static final int MAGIC_VALUE = 0x01234567;

  /** 6 bytes, last one first, and two of padding: the adapter's MAC address. */
  static final int SOURCE_MAC = 0x0C;

  /** 00:11:22:33:44:55, the adapter's own until it is told another. */
  static final long SOURCE_MAC_VALUE = 0x11_2233_4455L;

  // BAR 2: MSI-X. The adapter's is 256 MiB; nothing of it is used but the table and the PBA.
  static final int MSIX_BAR = 2;
  static final int MSIX_BAR_BYTES = 64 << 10;
  static final int MSIX_VECTORS = 16;
  static final int MSIX_TABLE = 0;
  static final int MSIX_PBA = 0x300;

  /** The adapter has no MSI; hypervisors from which MSI-X must be hidden need something. */
  static final int MSI_VECTORS = 16;

  // BAR 4: what the program is.
  static final int PROGRAM_BAR = 4;
  static final long PROGRAM_BAR_BYTES = 256 << 20;
  static final long PROGRAM_BAR_BYTES_MIN = 4 << 10;
  static final long PROGRAM_BAR_BYTES_MAX = 1L << 40;

  /**
   * Largest payload in either direction, bytes. Programs receive into 4096 bytes, header and all,
   * and take a Length of 0 for nothing; completions go out in pieces as a root complex makes them.
   */
  static final int PAYLOAD_BYTES_MAX = 256;

  private NetTlpSpec() {}
}
