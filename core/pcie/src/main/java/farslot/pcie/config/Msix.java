package farslot.pcie.config;

/** The MSI-X capability (7.7.2), its table and its pending bits, which lie in a BAR. */
public final class Msix {
  public static final int BYTES = 12;

  /** Message Control, 16 bits (7.7.2.2). Table Size is the number of vectors less one. */
  public static final int CONTROL = 2;

  public static final int TABLE_SIZE_MASK = 0x7FF;
  public static final int FUNCTION_MASK = 1 << 14;
  public static final int ENABLE = 1 << 15;
  public static final int VECTOR_COUNT_MAX = 2048;

  /** Table and PBA (7.7.2.3, 7.7.2.4): BAR number in 2:0, offset in it above. */
  public static final int TABLE = 4;

  public static final int PBA = 8;
  public static final int BIR_MASK = 7;
  public static final int OFFSET_MASK = ~7;

  /** A table entry (7.7.2.5 to 7.7.2.8). */
  public static final int ENTRY_BYTES = 16;

  public static final int ENTRY_ADDRESS = 0;
  public static final int ENTRY_ADDRESS_UPPER = 4;
  public static final int ENTRY_DATA = 8;
  public static final int ENTRY_VECTOR_CONTROL = 12;
  public static final int VECTOR_CONTROL_MASK = 1 << 0;

  /** Pending bits come in QWs, vector 0 in bit 0 (7.7.2.9). */
  public static final int PBA_QW_VECTORS = 64;

  private Msix() {}
}
