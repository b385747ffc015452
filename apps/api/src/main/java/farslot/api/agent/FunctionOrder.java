package farslot.api.agent;

import java.util.Map;
import java.util.Objects;

/**
 * Who may have a function.
 *
 * @param name without the appliance's
 * @param floor who comes with a lower assignment epoch is shut out
 * @param server who may have it; "" for nobody
 * @param epoch of its assignment; 0 for nobody
 * @param identity given to it, such as {@code mac}; empty for its own
 * @param sanitise {@code JOB:KIND}, {@code KIND} is {@code format} or {@code identity}; "" for
 *     nothing to do. Done while nobody has the function, once a job
 */
public record FunctionOrder(
    String name,
    long floor,
    String server,
    long epoch,
    Map<String, String> identity,
    Qos qos,
    String sanitise) {
  public FunctionOrder {
    server = Objects.requireNonNullElse(server, "");
    identity = identity == null ? Map.of() : Map.copyOf(identity);
    qos = Objects.requireNonNullElse(qos, Qos.NONE);
    sanitise = Objects.requireNonNullElse(sanitise, "");
  }
}
