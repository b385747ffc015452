package farslot.pcie.config;

/** The PCI Power Management capability (7.5.2). */
public final class PowerManagement {
  public static final int BYTES = 8;

  /** PMC, 16 bits (7.5.2.1). */
  public static final int PMC = 2;

  public static final int PMC_VERSION_3 = 3;
  public static final int PMC_IMMEDIATE_READINESS = 1 << 4;
  public static final int PMC_D1 = 1 << 9;
  public static final int PMC_D2 = 1 << 10;
  public static final int PMC_PME_D3_HOT = 1 << 14;

  /** PMCSR, 16 bits (7.5.2.2). */
  public static final int PMCSR = 4;

  public static final int POWER_STATE_MASK = 3;
  public static final int POWER_STATE_D0 = 0;
  public static final int POWER_STATE_D3_HOT = 3;
  public static final int NO_SOFT_RESET = 1 << 3;
  public static final int PME_ENABLE = 1 << 8;
  public static final int PME_STATUS = 1 << 15;

  private PowerManagement() {}
}
