package farslot.pcie.config;

/** The first 64 bytes of configuration space: what both header types share, and type 0 (7.5.1). */
public final class ConfigHeader {
  /** Bytes of configuration space, of the part old PCI knew, and of the header (7.2, 7.5.1). */
  public static final int CONFIG_SPACE_BYTES = 4096;

  public static final int PCI_CONFIG_SPACE_BYTES = 256;
  public static final int HEADER_BYTES = 64;

  /** Registers of both types (7.5.1.1). */
  public static final int VENDOR_ID = 0x00;

  public static final int DEVICE_ID = 0x02;
  public static final int COMMAND = 0x04;
  public static final int STATUS = 0x06;
  public static final int REVISION_ID = 0x08;

  /** 24 bits: programming interface, sub-class, base class; see {@link ClassCode}. */
  public static final int CLASS_CODE = 0x09;

  public static final int CACHE_LINE_SIZE = 0x0C;
  public static final int LATENCY_TIMER = 0x0D;
  public static final int HEADER_TYPE = 0x0E;
  public static final int BIST = 0x0F;
  public static final int BAR0 = 0x10;
  public static final int CAPABILITIES_POINTER = 0x34;
  public static final int INTERRUPT_LINE = 0x3C;
  public static final int INTERRUPT_PIN = 0x3D;

  /** Registers of type 0 only (7.5.1.2). */
  public static final int CARDBUS_CIS_POINTER = 0x28;

  public static final int SUBSYSTEM_VENDOR_ID = 0x2C;
  public static final int SUBSYSTEM_ID = 0x2E;
  public static final int EXPANSION_ROM = 0x30;
  public static final int MIN_GNT = 0x3E;
  public static final int MAX_LAT = 0x3F;

  /** What a read of nothing returns as Vendor ID; 0001h says "not ready yet" with RRS (2.3.2). */
  public static final int VENDOR_ID_NONE = 0xFFFF;

  public static final int VENDOR_ID_RRS = 0x0001;

  /** Header Type (7.5.1.1.9). */
  public static final int HEADER_TYPE_0 = 0x00;

  public static final int HEADER_TYPE_1 = 0x01;
  public static final int HEADER_TYPE_MASK = 0x7F;
  public static final int HEADER_TYPE_MULTI_FUNCTION = 0x80;

  /** Command (7.5.1.1.3). */
  public static final int COMMAND_IO_SPACE = 1 << 0;

  public static final int COMMAND_MEMORY_SPACE = 1 << 1;
  public static final int COMMAND_BUS_MASTER = 1 << 2;
  public static final int COMMAND_PARITY_ERROR_RESPONSE = 1 << 6;
  public static final int COMMAND_SERR = 1 << 8;
  public static final int COMMAND_INTERRUPT_DISABLE = 1 << 10;

  /** Status (7.5.1.1.4); the last six are cleared by writing ones. */
  public static final int STATUS_IMMEDIATE_READINESS = 1 << 0;

  public static final int STATUS_INTERRUPT = 1 << 3;
  public static final int STATUS_CAPABILITIES_LIST = 1 << 4;
  public static final int STATUS_MASTER_DATA_PARITY_ERROR = 1 << 8;
  public static final int STATUS_SIGNALED_TARGET_ABORT = 1 << 11;
  public static final int STATUS_RECEIVED_TARGET_ABORT = 1 << 12;
  public static final int STATUS_RECEIVED_MASTER_ABORT = 1 << 13;
  public static final int STATUS_SIGNALED_SYSTEM_ERROR = 1 << 14;
  public static final int STATUS_DETECTED_PARITY_ERROR = 1 << 15;
  public static final int STATUS_RW1C = 0xF900;

  /** Base Address Registers (7.5.1.2.1). */
  public static final int BAR_COUNT = 6;

  public static final int BAR_BYTES = 4;
  public static final int BAR_IO = 1 << 0;
  public static final int BAR_MEMORY_64 = 2 << 1;
  public static final int BAR_MEMORY_TYPE_MASK = 3 << 1;
  public static final int BAR_PREFETCHABLE = 1 << 3;
  public static final int BAR_MEMORY_ADDRESS_MASK = ~0xF;
  public static final int BAR_IO_ADDRESS_MASK = ~0x3;

  /** Expansion ROM Base Address (7.5.1.2.4). */
  public static final int EXPANSION_ROM_ENABLE = 1 << 0;

  public static final int EXPANSION_ROM_ADDRESS_MASK = ~0x7FF;

  /** Interrupt Pin (7.5.1.1.13). */
  public static final int INTERRUPT_PIN_NONE = 0;

  public static final int INTERRUPT_PIN_INTA = 1;
  public static final int INTERRUPT_PIN_INTD = 4;

  private ConfigHeader() {}
}
