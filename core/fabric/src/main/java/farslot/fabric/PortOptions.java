package farslot.fabric;

/**
 * How a root port behaves.
 *
 * @param accessDeadlineNs longest that a guest waits for a register, nanoseconds; must stay well
 *     below what the front end allows (QEMU: 5 s)
 */
public record PortOptions(long accessDeadlineNs) {
  /** 3 s. */
  public static final PortOptions DEFAULT = new PortOptions(3_000_000_000L);

  public PortOptions {
    if (accessDeadlineNs <= 0) {
      throw new IllegalArgumentException("the access deadline must be positive");
    }
  }
}
