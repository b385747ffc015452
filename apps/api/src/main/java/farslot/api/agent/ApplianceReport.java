package farslot.api.agent;

import java.util.List;
import java.util.Objects;

/**
 * What an appliance tells.
 *
 * @param addresses where initiators reach it, as in {@code initiator.yaml}
 * @param software what it runs
 */
public record ApplianceReport(
    String name,
    String instance,
    List<String> addresses,
    String software,
    List<FunctionReport> functions)
    implements Report {
  public ApplianceReport {
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
    software = Objects.requireNonNullElse(software, "");
    functions = functions == null ? List.of() : List.copyOf(functions);
  }

  @Override
  public AgentKind kind() {
    return AgentKind.APPLIANCE;
  }
}
