package farslot.pcie.config;

/** The MSI capability (7.7.1). Where data and masks lie depends on {@link #ADDRESS_64}. */
public final class Msi {
  /** Message Control, 16 bits (7.7.1.2). */
  public static final int CONTROL = 2;

  public static final int ENABLE = 1 << 0;
  public static final int MULTIPLE_MESSAGE_CAPABLE_SHIFT = 1;
  public static final int MULTIPLE_MESSAGE_ENABLE_SHIFT = 4;

  /** Both are powers of two: 0 for one vector to 5 for 32. */
  public static final int MULTIPLE_MESSAGE_MASK = 7;

  public static final int ADDRESS_64 = 1 << 7;
  public static final int PER_VECTOR_MASKING = 1 << 8;
  public static final int VECTOR_COUNT_MAX = 32;

  /** Message Address (7.7.1.3, 7.7.1.4); bits 1:0 are reserved. */
  public static final int ADDRESS = 4;

  public static final int ADDRESS_UPPER = 8;

  /** The rest, with 32-bit addresses (7.7.1.5 to 7.7.1.8). */
  public static final int DATA_32 = 8;

  public static final int MASK_32 = 12;
  public static final int PENDING_32 = 16;

  /** The rest, with 64-bit addresses. */
  public static final int DATA_64 = 12;

  public static final int MASK_64 = 16;
  public static final int PENDING_64 = 20;

  /** Bytes, without masking and with it. */
  public static final int BYTES_32 = 10;

  public static final int BYTES_64 = 14;
  public static final int BYTES_32_MASKING = 20;
  public static final int BYTES_64_MASKING = 24;

  private Msi() {}
}
