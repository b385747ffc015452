package farslot.api.agent;

import java.util.List;
import java.util.Objects;

/**
 * A function that a server shall have, or let go of.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param epoch of the assignment
 * @param forced with {@link Action#RELEASE}: the guest is not asked
 * @param guest into which it is plugged; "" for a socket that is handed out
 * @param addresses of the appliance
 * @param bootOrder 1 for the first; 0 for none
 */
public record HoldingOrder(
    String function,
    long epoch,
    Action action,
    boolean forced,
    String guest,
    List<String> addresses,
    int bootOrder,
    Qos qos) {
  /** What shall be done. */
  public enum Action {
    ATTACH,
    RELEASE
  }

  public HoldingOrder {
    guest = Objects.requireNonNullElse(guest, "");
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
    qos = Objects.requireNonNullElse(qos, Qos.NONE);
  }
}
