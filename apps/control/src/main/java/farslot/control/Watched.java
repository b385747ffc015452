package farslot.control;

import farslot.link.LinkCounters;
import farslot.link.LinkSession;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process as it lets itself be seen. Its lists are asked for on the data thread. */
public interface Watched {
  /** {@code appliance} or {@code initiator}. */
  String kind();

  /** By which its peers know it. */
  String name();

  /** The sessions that there are. */
  List<LinkSession> sessions();

  /** Its ways to its peer, if it is the one that dials. */
  default Optional<Paths> paths() {
    return Optional.empty();
  }

  /** Its ways to the peer of one session, where it has several peers. */
  default Optional<Paths> paths(LinkSession session) {
    return paths();
  }

  /** How to make its functions go wrong, where the cards are. */
  default Optional<Faults> faults() {
    return Optional.empty();
  }

  /** What was counted outside of sessions, and in those that are over. */
  LinkCounters counters();

  /** What its carriers have dropped and lost, by name. */
  default Map<String, Long> carrierCounters() {
    return Map.of();
  }

  /** The functions that it has or wants, each by its facts. */
  List<Map<String, Object>> functions();
}
