package farslot.pcie.config;

/** Type 1: the registers of ports and bridges that type 0 has not (7.5.1.3). */
public final class BridgeHeader {
  public static final int PRIMARY_BUS = 0x18;
  public static final int SECONDARY_BUS = 0x19;
  public static final int SUBORDINATE_BUS = 0x1A;
  public static final int SECONDARY_LATENCY_TIMER = 0x1B;
  public static final int IO_BASE = 0x1C;
  public static final int IO_LIMIT = 0x1D;
  public static final int SECONDARY_STATUS = 0x1E;
  public static final int MEMORY_BASE = 0x20;
  public static final int MEMORY_LIMIT = 0x22;
  public static final int PREFETCHABLE_BASE = 0x24;
  public static final int PREFETCHABLE_LIMIT = 0x26;
  public static final int PREFETCHABLE_BASE_UPPER = 0x28;
  public static final int PREFETCHABLE_LIMIT_UPPER = 0x2C;
  public static final int IO_BASE_UPPER = 0x30;
  public static final int IO_LIMIT_UPPER = 0x32;
  public static final int EXPANSION_ROM = 0x38;
  public static final int BRIDGE_CONTROL = 0x3E;

  /** BARs of a bridge (7.5.1.3). */
  public static final int BAR_COUNT = 2;

  /** Low bits of Base and Limit registers: what addresses they take (7.5.1.3.6, 7.5.1.3.9). */
  public static final int IO_RANGE_32 = 0x01;

  public static final int PREFETCHABLE_RANGE_64 = 0x01;

  /** Bridge Control (7.5.1.3.13). */
  public static final int CONTROL_PARITY_ERROR_RESPONSE = 1 << 0;

  public static final int CONTROL_SERR = 1 << 1;
  public static final int CONTROL_SECONDARY_BUS_RESET = 1 << 6;

  private BridgeHeader() {}
}
