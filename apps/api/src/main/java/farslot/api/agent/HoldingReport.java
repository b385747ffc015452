package farslot.api.agent;

import java.util.Objects;

/**
 * A function as a server has it.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param epoch of the assignment that this is about
 * @param detail for people: the socket, the {@code -device} line, or what is in the way
 * @param bdf where the guest's software sees it, such as {@code 0000:03:00.0}; "" if unknown
 * @param driverBound whether a driver has set it up: bus mastering and interrupts are on
 */
public record HoldingReport(
    String function,
    long epoch,
    State state,
    String detail,
    String bdf,
    boolean driverBound,
    Load load) {
  /** How far it is. */
  public enum State {
    /** Asked for, not had yet. */
    ATTACHING,
    /** In the guest, or offered by a socket. */
    ATTACHED,
    /** Had, but its card or appliance is away just now. */
    AWAY,
    /** The guest has been asked to let go. */
    RELEASING,
    /** The guest does not let go; it still has it. */
    STUCK,
    /** Nothing of it is left in the server; kept in the report until no order names it. */
    RELEASED
  }

  public HoldingReport {
    detail = Objects.requireNonNullElse(detail, "");
    bdf = Objects.requireNonNullElse(bdf, "");
    load = Objects.requireNonNullElse(load, Load.NONE);
  }
}
