package farslot.bench.rails;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
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

  /** With credentials; null until it is needed. */
  private Appliance guarded;

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
    return serve(listening, slots, "state", Map.of("insecure", true));
  }

  private Appliance serve(
      List<String> listening,
      List<Map<String, Object>> slots,
      String state,
      Map<String, Object> security)
      throws IOException {
    Map<String, Object> values = new HashMap<>(security);
    values.putAll(
        Map.of(
            "name",
            RailKind.APPLIANCE,
            "listen",
            listening,
            "state-dir",
            dir.resolve(state).toString(),
            "spin-us",
            spinUs,
            "slots",
            slots));
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

  /**
   * A session over a protected rail, with another appliance that is made for it, on the first
   * cable.
   */
  RailSession openProtected(RailKind kind, Stream.Load load, Credentials credentials)
      throws Exception {
    if (guarded == null) {
      guarded =
          cables
              .appliance()
              .call(
                  () ->
                      serve(
                          RailKind.listeningProtected(),
                          List.of(drive(RailSession.FUNCTION, Map.of())),
                          "state-protected",
                          Map.of("pki", credentials.appliance().toString())));
    }
    List<String> addresses = List.of(kind.protectedAddress());
    List<String> functions = List.of(RailSession.FUNCTION);
    Path run = Files.createDirectories(dir.resolve("run-protected"));
    Map<String, Object> pki = Map.of("pki", credentials.initiator().toString());
    return cables
        .initiator()
        .call(() -> new RailSession(addresses, run, spinUs, functions, load, pki));
  }

  @Override
  public void close() throws IOException {
    if (guarded != null) {
      guarded.close();
    }
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
