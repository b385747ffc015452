package farslot.manager.model;

import farslot.manager.model.ProfileDocument.Qos;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One slot of a profile: a function by its name, or any of a pool, with what makes it this slot
 * whichever function is in it.
 *
 * @param function {@code APPLIANCE/FUNCTION}; "" for one of the pool
 * @param pool "" for a function by its name
 * @param card the kind of card that it has to be, such as {@code nvme}; "" for any of the pool
 * @param capacityBytesMin what a drive has at least; 0 for any
 * @param identity given to the function, such as {@code mac} or {@code serial}
 * @param identityFrom what is given to it out of which {@link IdentitiesDocument}, once: it is in
 *     {@code identity} from then on
 * @param bootOrder 1 for the first; 0 for none
 * @param qos how much it may carry; null for no bound
 * @param spare whether another function of the pool takes over, unasked, when this one is lost
 */
public record Slot(
    String name,
    String function,
    String pool,
    String card,
    long capacityBytesMin,
    Map<String, String> identity,
    Map<String, String> identityFrom,
    int bootOrder,
    Qos qos,
    boolean spare) {
  /** The identity that network cards have. */
  public static final String MAC = "mac";

  public Slot {
    function = Objects.requireNonNullElse(function, "");
    pool = Objects.requireNonNullElse(pool, "");
    card = Objects.requireNonNullElse(card, "");
    identity = normal(identity);
    identityFrom = identityFrom == null ? Map.of() : Map.copyOf(identityFrom);
  }

  private static Map<String, String> normal(Map<String, String> identity) {
    if (identity == null) {
      return Map.of();
    }
    Map<String, String> normal = new HashMap<>(identity);
    normal.computeIfPresent(MAC, (key, mac) -> mac.toLowerCase(Locale.ROOT));
    return Map.copyOf(normal);
  }

  /** A function by its name, and nothing else about it. */
  public static Slot ofFunction(String name, String function) {
    return new Slot(name, function, "", "", 0, null, null, 0, null, false);
  }

  /** Any function of a pool. */
  public static Slot ofPool(String name, String pool) {
    return new Slot(name, "", pool, "", 0, null, null, 0, null, false);
  }

  /** The same with another identity. */
  public Slot with(Map<String, String> newIdentity) {
    return new Slot(
        name,
        function,
        pool,
        card,
        capacityBytesMin,
        newIdentity,
        identityFrom,
        bootOrder,
        qos,
        spare);
  }

  /** Whether a function may be in it, so far as the function itself decides. */
  public boolean fits(FunctionDocument candidate) {
    return (function.isEmpty() || function.equals(candidate.path()))
        && (card.isEmpty() || card.equals(candidate.card()))
        && candidate.capacityBytes() >= capacityBytesMin;
  }

  List<String> problems() {
    Check check =
        new Check()
            .name("name", name)
            .that(
                function.isEmpty() != pool.isEmpty(), "it should have either 'function' or 'pool'")
            .nameOrNone("pool", pool)
            .nameOrNone("card", card)
            .atLeast("capacity-bytes-min", capacityBytesMin, 0)
            .attributes("identity", identity)
            .attributes("identity-from", identityFrom)
            .atLeast("boot-order", bootOrder, 0)
            .that(
                !spare || !pool.isEmpty(), "'spare' needs 'pool': spares are functions of a pool");
    identityFrom.forEach((what, from) -> check.name("identity-from." + what, from));
    if (identity.containsKey(MAC)) {
      check.mac("identity.mac", identity.get(MAC));
    }
    if (!function.isEmpty()) {
      check.function("function", function);
    }
    return qos == null ? check.problems() : check.part("qos", qos.problems()).problems();
  }
}
