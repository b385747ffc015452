package farslot.api.agent;

import java.util.List;
import java.util.Objects;

/** What an initiator tells. */
public record InitiatorReport(
    String name,
    String instance,
    String software,
    List<GuestReport> guests,
    List<HoldingReport> holdings)
    implements Report {
  public InitiatorReport {
    software = Objects.requireNonNullElse(software, "");
    guests = guests == null ? List.of() : List.copyOf(guests);
    holdings = holdings == null ? List.of() : List.copyOf(holdings);
  }

  @Override
  public AgentKind kind() {
    return AgentKind.INITIATOR;
  }
}
