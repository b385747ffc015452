package farslot.control;

import farslot.link.LinkSession;
import farslot.link.PathStatus;
import farslot.link.RailHealth;
import farslot.link.RailProtection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    return watched.sessions().isEmpty() ? List.copyOf(paths(watched.paths()).values()) : List.of();
  }

  /** Of one session. */
  List<Map<String, Object>> of(LinkSession session) {
    Map<Integer, Map<String, Object>> byNumber = paths(watched.paths(session));
    for (RailHealth health : session.rails()) {
      put(byNumber.computeIfAbsent(health.number(), _ -> new LinkedHashMap<>()), health);
    }
    return List.copyOf(byNumber.values());
  }

  private void put(Map<String, Object> facts, RailHealth health) {
    facts.put("number", health.number());
    facts.putIfAbsent("rail", health.name());
    facts.put("peer_address", health.name());
    facts.put("state", health.suspect() ? "suspect" : "up");
    facts.put("since_s", secondsSince(health.sinceNs()));
    facts.put("round_trip_us", health.roundTripNs() / 1000.0);
    facts.put("round_trip_least_us", health.roundTripNsLeast() / 1000.0);
    facts.put("rate_bits_s", health.bytesPerSecond() * Byte.SIZE);
    facts.put("loss", health.lossShare());
    if (health.windowBytes() != 0) {
      facts.put("window_bytes", health.windowBytes());
    }
    facts.put("under_way_bytes", health.underWayBytes());
    facts.put("bytes_sent", health.bytesSent());
    facts.put("bytes_received", health.bytesReceived());
    facts.put("frames_lost", health.framesLost());
    put(facts, health.protection());
  }

  private static void put(Map<String, Object> facts, RailProtection protection) {
    facts.put("proved_peer", protection.peer());
    facts.put("cipher", protection.cipher());
    if (!protection.cipher().isEmpty()) {
      facts.put("key_phase", protection.keyPhase());
      facts.put("dropped_unproved", protection.dropped());
    }
  }

  private double secondsSince(long ns) {
    return (clock.getAsLong() - ns) / 1_000_000 / 1000.0;
  }

  private Map<Integer, Map<String, Object>> paths(Optional<Paths> paths) {
    Map<Integer, Map<String, Object>> byNumber = new TreeMap<>();
    for (PathStatus path : paths.map(Paths::list).orElse(List.of())) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("number", path.number());
      facts.put("rail", path.address());
      facts.put("state", path.state().name().toLowerCase(Locale.ROOT));
      facts.put("since_s", secondsSince(path.sinceNs()));
      if (!path.cause().isEmpty()) {
        facts.put("cause", path.cause());
      }
      byNumber.put(path.number(), facts);
    }
    return byNumber;
  }
}
