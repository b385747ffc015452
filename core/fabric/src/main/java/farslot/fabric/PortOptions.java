package farslot.fabric;

import farslot.function.GuideProvider;
import java.util.List;

/**
 * How a root port behaves.
 *
 * @param accessDeadlineNs longest that a guest waits for a register, nanoseconds; must stay well
 *     below what the front end allows (QEMU: 5 s)
 * @param guides kinds of card whose use of memory is known; the first that knows a card serves it.
 *     None: every card reads by itself
 */
public record PortOptions(long accessDeadlineNs, List<GuideProvider> guides) {
  /** 3 s, without guides. */
  public static final PortOptions DEFAULT = new PortOptions(3_000_000_000L);

  public PortOptions {
    if (accessDeadlineNs <= 0) {
      throw new IllegalArgumentException("the access deadline must be positive");
    }
    guides = List.copyOf(guides);
  }

  /** Without guides. */
  public PortOptions(long accessDeadlineNs) {
    this(accessDeadlineNs, List.of());
  }

  /** The same with these guides. */
  public PortOptions with(List<GuideProvider> others) {
    return new PortOptions(accessDeadlineNs, others);
  }
}
