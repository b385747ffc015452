package farslot.api.agent;

import java.util.List;
import java.util.Objects;

/**
 * What an appliance tells.
 *
 * @param addresses where initiators reach it, as in {@code initiator.yaml}
 * @param software what it runs
 * @param control its control socket, on its own machine; "" for none
 */
public record ApplianceReport(
    String name,
    String instance,
    List<String> addresses,
    String software,
    String control,
    List<FunctionReport> functions)
    implements Report {
  public ApplianceReport {
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
    software = Objects.requireNonNullElse(software, "");
    control = Objects.requireNonNullElse(control, "");
    functions = functions == null ? List.of() : List.copyOf(functions);
  }

  @Override
  public AgentKind kind() {
    return AgentKind.APPLIANCE;
  }
}
