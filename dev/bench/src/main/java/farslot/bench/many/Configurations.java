package farslot.bench.many;

import farslot.appliance.ApplianceConfig;
import farslot.initiator.InitiatorConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Configurations with many functions: drives in memory, as files and as values. */
final class Configurations {
  private static final int DRIVE_BYTES = 16 << 20;

  private Configurations() {}

  /** The functions of one of several servers that share them evenly. */
  static List<String> share(int functions, int servers, int server) {
    List<String> names = new ArrayList<>();
    for (int i = server; i < functions; i += servers) {
      names.add("disk" + i);
    }
    return names;
  }

  static String appliance(Path dir, int port, int functions, Measurement.Setup setup) {
    StringBuilder text = new StringBuilder();
    text.append("listen: 127.0.0.1:").append(port).append('\n');
    text.append("state-dir: ").append(dir.resolve("state")).append('\n');
    text.append("spin-us: ").append(setup.spinUs()).append("\nslots:\n");
    for (String name : share(functions, 1, 0)) {
      text.append("  - {name: ").append(name).append(", card: nvme, serial: ").append(name);
      text.append(", namespaces: [{ram: ").append(DRIVE_BYTES).append("}]}\n");
    }
    return text.toString();
  }

  static ApplianceConfig appliance(Path stateDir, int functions, int spinUs) {
    List<Map<String, Object>> slots = new ArrayList<>();
    for (String name : share(functions, 1, 0)) {
      Map<String, Object> namespace = Map.of("ram", DRIVE_BYTES);
      slots.add(
          Map.of("name", name, "card", "nvme", "serial", name, "namespaces", List.of(namespace)));
    }
    Map<String, Object> values =
        Map.of(
            "listen",
            "127.0.0.1:0",
            "state-dir",
            stateDir.toString(),
            "spin-us",
            spinUs,
            "slots",
            slots);
    return ApplianceConfig.of("bench", values);
  }

  static String initiator(
      String name, Path runDir, int port, List<String> functions, Measurement.Setup setup) {
    StringBuilder text = new StringBuilder();
    text.append("name: ").append(name).append("\nappliance: 127.0.0.1:").append(port);
    text.append("\nrun-dir: ").append(runDir).append("\nspin-us: ").append(setup.spinUs());
    text.append("\nfunctions: ").append(functions).append('\n');
    return text.toString();
  }

  static InitiatorConfig initiator(
      String name, Path runDir, int port, List<String> functions, int spinUs) {
    Map<String, Object> values =
        Map.of(
            "name",
            name,
            "appliance",
            "127.0.0.1:" + port,
            "run-dir",
            runDir.toString(),
            "spin-us",
            spinUs,
            "functions",
            functions);
    return InitiatorConfig.of("bench", values);
  }
}
