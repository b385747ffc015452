package farslot.pcie.config;

/** The ARI extended capability: up to 256 functions in a device (7.8.8). */
public final class Ari {
  public static final int BYTES = 8;
  public static final int VERSION = 1;

  /** ARI Capability, 16 bits; Next Function Number 0 ends the list (7.8.8.2). */
  public static final int CAPABILITY = 4;

  public static final int MFVC_FUNCTION_GROUPS = 1 << 0;
  public static final int ACS_FUNCTION_GROUPS = 1 << 1;
  public static final int NEXT_FUNCTION_SHIFT = 8;

  /** ARI Control, 16 bits (7.8.8.3). */
  public static final int CONTROL = 6;

  private Ari() {}
}
