package farslot.initiator;

import farslot.api.agent.RailReport;
import farslot.link.LinkSession;
import farslot.link.PathStatus;
import farslot.link.RailHealth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a manager is told of the ways to an appliance. On the data thread. */
final class RailReports {
  private static final double MILLION = 1e6;

  private RailReports() {}

  /** All of one appliance: those that a session uses, and those that are sought. */
  static List<RailReport> of(ApplianceLink link, String appliance) {
    List<RailReport> all = new ArrayList<>();
    Set<Integer> used = new HashSet<>();
    Optional<LinkSession> session = link.session();
    if (session.isPresent()) {
      for (RailHealth rail : session.get().rails()) {
        used.add(rail.number());
        all.add(up(session.get().peer().nodeName(), rail));
      }
    }
    for (PathStatus path : link.paths().list()) {
      if (!used.contains(path.number())) {
        all.add(new RailReport(appliance, path.address(), false, "", 0, 0, 0, path.cause()));
      }
    }
    return all;
  }

  private static RailReport up(String appliance, RailHealth rail) {
    return new RailReport(
        appliance,
        rail.name(),
        !rail.suspect(),
        secured(rail.protection().cipher()),
        rail.roundTripNs(),
        rail.bytesPerSecond() * Byte.SIZE,
        (long) (rail.lossShare() * MILLION),
        "");
  }

  /** As the report has it: TLS is told by its version, what guards raw frames is not TLS. */
  private static String secured(String cipher) {
    return cipher.isEmpty() ? "" : cipher.startsWith("TLS") ? "tls" : "aes-gcm";
  }
}
