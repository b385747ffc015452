package farslot.api.agent;

import java.util.Map;
import java.util.Objects;

/**
 * One function as its appliance has it.
 *
 * @param name without the appliance's
 * @param card its kind, such as {@code nvme}
 * @param deviceId vendor and device in hex, {@code 1b36:0010}; "" while it was never there
 * @param classCode class code, 24 bits
 * @param capacityBytes of a drive; 0 for what has none
 * @param identity what it is known by, such as {@code mac} or {@code serial}
 * @param present whether it can be used
 * @param cause why not; "" if it can
 * @param floor assignments with lower epochs are shut out, and the disk knows it
 * @param epoch the highest that was on the wire
 * @param holder the server that has it just now; "" for none
 * @param sanitised the last job that is done, and on stable media; "" for none
 * @param problem what an order asks for and cannot be had, in words; "" if there is nothing
 */
public record FunctionReport(
    String name,
    String card,
    String deviceId,
    int classCode,
    long capacityBytes,
    Map<String, String> identity,
    boolean present,
    String cause,
    long floor,
    long epoch,
    String holder,
    String sanitised,
    String problem,
    Load load) {
  public FunctionReport {
    identity = identity == null ? Map.of() : Map.copyOf(identity);
    card = Objects.requireNonNullElse(card, "");
    deviceId = Objects.requireNonNullElse(deviceId, "");
    cause = Objects.requireNonNullElse(cause, "");
    holder = Objects.requireNonNullElse(holder, "");
    sanitised = Objects.requireNonNullElse(sanitised, "");
    problem = Objects.requireNonNullElse(problem, "");
    load = Objects.requireNonNullElse(load, Load.NONE);
  }
}
