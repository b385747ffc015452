package farslot.pcie.config;

/** The Device Serial Number extended capability: an EUI-64 (7.9.3). */
public final class SerialNumber {
  public static final int BYTES = 12;
  public static final int VERSION = 1;

  /** Lower and upper DW (7.9.3.2). */
  public static final int LOWER = 4;

  public static final int UPPER = 8;

  private SerialNumber() {}
}
