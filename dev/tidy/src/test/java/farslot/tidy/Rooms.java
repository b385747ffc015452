package farslot.tidy;

import java.util.Map;
import java.util.Set;

/**
 * Who may use whom: the arrows of ARCHITECTURE.md. A room that is not here is a question to answer
 * before it is built: say what it may use.
 */
final class Rooms {
  /** Anybody's package may use its own; what is listed comes on top. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("core/pcie", Set.of()),
          Map.entry("core/memory", Set.of()),
          Map.entry("core/link", Set.of("pcie")),
          Map.entry("core/capture", Set.of("link", "pcie")),
          Map.entry("core/function", Set.of("pcie")),
          Map.entry("core/replay", Set.of("capture", "function", "link", "pcie")),
          Map.entry("core/fabric", Set.of("function", "memory", "pcie")),
          Map.entry("host/linux", Set.of()),
          Map.entry("host/carrier", Set.of("function", "link", "linux", "pcie")),
          Map.entry("host/vfiouser", Set.of("fabric", "function", "linux", "memory")),
          Map.entry("host/backend", Set.of("function", "linux", "pcie", "vfiouser")),
          Map.entry("apps/config", Set.of("function", "link")),
          Map.entry("apps/pki", Set.of("carrier")),
          Map.entry("apps/store", Set.of()),
          Map.entry("apps/api", Set.of("control", "function", "pki")),
          Map.entry("apps/manager", Set.of("api", "pki", "store")),
          Map.entry("apps/control", Set.of("capture", "function", "link", "pcie")),
          Map.entry(
              "apps/appliance",
              Set.of(
                  "api",
                  "backend",
                  "carrier",
                  "config",
                  "control",
                  "function",
                  "link",
                  "linux",
                  "pcie",
                  "pki")),
          Map.entry(
              "apps/initiator",
              Set.of(
                  "api",
                  "backend",
                  "carrier",
                  "config",
                  "control",
                  "fabric",
                  "function",
                  "link",
                  "linux",
                  "pki",
                  "vfiouser")),
          Map.entry(
              "apps/up",
              Set.of(
                  "api",
                  "appliance",
                  "config",
                  "control",
                  "function",
                  "initiator",
                  "manager",
                  "pki",
                  "store")),
          Map.entry("dev/chance", Set.of()),
          Map.entry("dev/testkit", Set.of("chance", "function", "memory", "pcie")),
          Map.entry("dev/tidy", Set.of()));

  /** Programs that put everything together, and may use it all. */
  private static final Set<String> UNLIMITED =
      Set.of("apps/cli", "dev/bench", "dev/fuzz", "dev/sim");

  /** What every room's tests may use. */
  private static final Set<String> TESTS_MAY_USE = Set.of("chance", "testkit");

  /** What every card may use; never another card, never a host. */
  private static final Set<String> CARD_MAY_USE = Set.of("function", "memory", "pcie");

  private Rooms() {}

  /** What a room may use besides its own. */
  static Set<String> permitted(String room) {
    return MAY_USE.getOrDefault(room, Set.of());
  }

  /** Whether there is a rule for this room. */
  static boolean known(String room) {
    return room.startsWith("cards/") || UNLIMITED.contains(room) || MAY_USE.containsKey(room);
  }

  /**
   * Whether a room may import a package of ours.
   *
   * @param imported what follows {@code farslot.}, for example {@code cards.nvme.NvmeProvider}
   */
  static boolean permits(String room, String imported, boolean test) {
    String own = room.startsWith("cards/") ? room.replace('/', '.') : room.replaceAll(".*/", "");
    String part = imported.replaceAll("\\..*", "");
    if (UNLIMITED.contains(room) || imported.equals(own) || imported.startsWith(own + ".")) {
      return true;
    }
    if (test && (TESTS_MAY_USE.contains(part) || room.startsWith("dev/"))) {
      return true;
    }
    return (room.startsWith("cards/") ? CARD_MAY_USE : MAY_USE.get(room)).contains(part);
  }
}
