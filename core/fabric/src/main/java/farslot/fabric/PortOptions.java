package farslot.fabric;

/**
 * How a root port behaves.
 *
 * @param accessDeadlineNs longest that a guest waits for a register, nanoseconds; must stay well
 *     below what the front end allows (QEMU: 5 s)
 * @param hideMsix leaves MSI-X out of the capability list, so that guests use MSI (QEMU 11.1 aborts
 *     when a function that has MSI-X is unplugged)
 */
public record PortOptions(long accessDeadlineNs, boolean hideMsix) {
  /** 3 s, MSI-X shown. */
  public static final PortOptions DEFAULT = new PortOptions(3_000_000_000L, false);

  public PortOptions {
    if (accessDeadlineNs <= 0) {
      throw new IllegalArgumentException("the access deadline must be positive");
    }
  }
}
