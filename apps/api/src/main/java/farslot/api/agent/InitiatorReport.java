package farslot.api.agent;

import java.util.List;
import java.util.Objects;

/**
 * What an initiator tells.
 *
 * @param control its control socket, on its own machine; "" for none
 * @param rails its ways to its appliances
 */
public record InitiatorReport(
    String name,
    String instance,
    String software,
    String control,
    List<RailReport> rails,
    List<GuestReport> guests,
    List<HoldingReport> holdings)
    implements Report {
  public InitiatorReport {
    software = Objects.requireNonNullElse(software, "");
    control = Objects.requireNonNullElse(control, "");
    rails = rails == null ? List.of() : List.copyOf(rails);
    guests = guests == null ? List.of() : List.copyOf(guests);
    holdings = holdings == null ? List.of() : List.copyOf(holdings);
  }

  @Override
  public AgentKind kind() {
    return AgentKind.INITIATOR;
  }
}
