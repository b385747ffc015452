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
    this.spinUs = spinUs;
    dir = Files.createTempDirectory("farslot-rails");
    Files.createDirectory(dir.resolve("run"));
    cables = new Cables(plan);
    try {
      appliance = cables.appliance().call(() -> serve(RailKind.listening(plan.count())));
    } catch (Exception e) {
      cables.close();
      delete();
      throw e;
    }
  }

  private Appliance serve(List<String> listening) throws IOException {
    Map<String, Object> drive =
        Map.of(
            "name",
            RailSession.FUNCTION,
            "card",
            "nvme",
            "serial",
            "RAILS",
            "namespaces",
            List.of(Map.of("ram", DRIVE_BYTES)));
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
            "slots",
            List.of(drive));
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
    List<String> addresses = kind.addresses(over);
    return cables
        .initiator()
        .call(() -> new RailSession(addresses, dir.resolve("run"), spinUs, load));
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
