package farslot.control;

import farslot.link.LinkSession;
import farslot.link.PathStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Rails as people ask for them: those that sessions have, and at an initiator also the paths that
 * have none now. On the data thread.
 */
final class RailFacts {
  private final Watched watched;
  private final LongSupplier clock;

  RailFacts(Watched watched, LongSupplier clock) {
    this.watched = watched;
    this.clock = clock;
  }

  /** Of all sessions; without a session, the paths by which one is sought. */
  List<Map<String, Object>> all() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (LinkSession session : watched.sessions()) {
      for (Map<String, Object> rail : of(session)) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("session", "%08x".formatted(session.id()));
        row.put("peer", session.peer().nodeName());
        row.putAll(rail);
        all.add(row);
      }
    }
    return all.isEmpty() ? withoutSession() : all;
  }

  /** The paths while there is no session. */
  List<Map<String, Object>> withoutSession() {
    return watched.sessions().isEmpty() ? List.copyOf(paths().values()) : List.of();
  }

  /** Of one session. */
  List<Map<String, Object>> of(LinkSession session) {
    Map<Integer, Map<String, Object>> byNumber = paths();
    if (!session.railName().isEmpty()) {
      Map<String, Object> rail =
          byNumber.values().stream()
              .filter(RailFacts::isUp)
              .findFirst()
              .orElseGet(LinkedHashMap::new);
      byNumber.putIfAbsent(0, rail);
      rail.put("rail", session.railName());
      rail.putIfAbsent("state", "up");
      rail.put("round_trip_us", session.roundTripNs() / 1000.0);
    }
    return List.copyOf(byNumber.values());
  }

  private static boolean isUp(Map<String, Object> path) {
    return path.get("state").equals("up");
  }

  private Map<Integer, Map<String, Object>> paths() {
    Map<Integer, Map<String, Object>> byNumber = new TreeMap<>();
    for (PathStatus path : watched.paths().map(Paths::list).orElse(List.of())) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("number", path.number());
      facts.put("rail", path.address());
      facts.put("state", path.state().name().toLowerCase(Locale.ROOT));
      facts.put("since_s", (clock.getAsLong() - path.sinceNs()) / 1_000_000 / 1000.0);
      if (!path.cause().isEmpty()) {
        facts.put("cause", path.cause());
      }
      byNumber.put(path.number(), facts);
    }
    return byNumber;
  }
}
