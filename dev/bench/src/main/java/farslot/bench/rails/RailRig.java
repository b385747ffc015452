package farslot.bench.rails;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * An appliance with a drive in memory on one host, and sessions with it from another, over cables
 * between the two. All in this process, so that what is compared runs in code that is equally warm;
 * only the sockets are elsewhere.
 */
final class RailRig implements AutoCloseable {
  private static final long DRIVE_BYTES = 64L << 20;

  private final Path dir;
  private final Cables cables;
  private final Appliance appliance;
  private final int spinUs;

  RailRig(Cables.Plan plan, int spinUs) throws Exception {
    this(plan, spinUs, List.of(drive(RailSession.FUNCTION, Map.of())));
  }

  /**
   * With these slots.
   *
   * @param slots see {@link #drive}
   */
  RailRig(Cables.Plan plan, int spinUs, List<Map<String, Object>> slots) throws Exception {
    this.spinUs = spinUs;
    dir = Files.createTempDirectory("farslot-rails");
    Files.createDirectory(dir.resolve("run"));
    cables = new Cables(plan);
    try {
      appliance = cables.appliance().call(() -> serve(RailKind.listening(plan.count()), slots));
    } catch (Exception e) {
      cables.close();
      delete();
      throw e;
    }
  }

  /** A slot with a drive in memory, and what it may send. */
  static Map<String, Object> drive(String name, Map<String, Object> qos) {
    return Map.of(
        "name",
        name,
        "card",
        "nvme",
        "serial",
        "RAILS",
        "qos",
        qos,
        "namespaces",
        List.of(Map.of("ram", DRIVE_BYTES)));
  }

  private Appliance serve(List<String> listening, List<Map<String, Object>> slots)
      throws IOException {
    Map<String, Object> values =
        Map.of(
            "name",
            RailKind.APPLIANCE,
            "listen",
            listening,
            "state-dir",
            dir.resolve("state").toString(),
            "spin-us",
            spinUs,
            "insecure",
            true,
            "slots",
            slots);
    Appliance made = new Appliance(ApplianceConfig.of("bench", values));
    made.start();
    return made;
  }

  Cables cables() {
    return cables;
  }

  Appliance appliance() {
    return appliance;
  }

  /** A new session over these rails, from the other host. */
  RailSession open(RailKind kind, List<Integer> over, Stream.Load load) throws Exception {
    return open(kind, over, List.of(RailSession.FUNCTION), load);
  }

  /** With the same load on each of several functions. */
  RailSession open(RailKind kind, List<Integer> over, List<String> functions, Stream.Load load)
      throws Exception {
    List<String> addresses = kind.addresses(over);
    return cables
        .initiator()
        .call(() -> new RailSession(addresses, dir.resolve("run"), spinUs, functions, load));
  }

  @Override
  public void close() throws IOException {
    appliance.close();
    cables.close();
    delete();
  }

  private void delete() throws IOException {
    try (var files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
