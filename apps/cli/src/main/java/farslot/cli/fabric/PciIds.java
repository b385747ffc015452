package farslot.cli.fabric;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What vendors, devices and classes are called: from the pci.ids that lspci of this machine uses,
 * and without one from the few that Farslot's own cards need (PCI Code and ID Assignment
 * Specification 1.15, section 1).
 */
final class PciIds {
  private static final List<Path> USUAL =
      List.of(
          Path.of("/usr/share/misc/pci.ids"),
          Path.of("/usr/share/hwdata/pci.ids"),
          Path.of("/usr/share/pci.ids"),
          Path.of("/var/lib/pciutils/pci.ids"));

  private static final Map<String, String> CLASSES =
      Map.of(
          "0100", "SCSI storage controller",
          "0108", "Non-Volatile memory controller",
          "0200", "Ethernet controller",
          "0500", "RAM memory",
          "0604", "PCI bridge",
          "0700", "Serial controller",
          "0703", "Modem",
          "0780", "Communication controller",
          "1200", "Processing accelerators",
          "ff00", "Unassigned class");

  private static final Map<String, String> INTERFACES =
      Map.of("010802", "NVM Express", "070002", "16550", "070302", "Hayes/16550");

  private static final PciIds BUILT_IN = new PciIds(Map.of(), Map.of(), Map.of(), Map.of());

  private final Map<String, String> vendors;
  private final Map<String, String> devices;
  private final Map<String, String> classes;
  private final Map<String, String> interfaces;

  private PciIds(
      Map<String, String> vendors,
      Map<String, String> devices,
      Map<String, String> classes,
      Map<String, String> interfaces) {
    this.vendors = vendors;
    this.devices = devices;
    this.classes = classes;
    this.interfaces = interfaces;
  }

  /** From where lspci has them; those that are built in if it has none. */
  static PciIds ofThisMachine() {
    for (Path each : USUAL) {
      if (Files.isReadable(each)) {
        try (BufferedReader reader = Files.newBufferedReader(each, StandardCharsets.ISO_8859_1)) {
          return read(reader);
        } catch (IOException e) {
          return BUILT_IN;
        }
      }
    }
    return BUILT_IN;
  }

  /** Reads the format of pci.ids: names behind two blanks, what is inside of it behind a tab. */
  static PciIds read(BufferedReader reader) throws IOException {
    PciIds ids = new PciIds(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    String outer = "";
    String inner = "";
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String bare = line.strip();
      int blanks = bare.indexOf("  ");
      if (blanks < 0) {
        continue;
      }
      String key = bare.substring(0, blanks);
      String name = bare.substring(blanks + 2).strip();
      if (!line.startsWith("\t")) {
        outer = key;
        if (!key.startsWith("C ")) {
          ids.vendors.put(key, name);
        }
      } else if (!line.startsWith("\t\t")) {
        inner = key;
        if (outer.startsWith("C ")) {
          ids.classes.put(outer.substring(2) + key, name);
        } else {
          ids.devices.put(outer + ":" + key, name);
        }
      } else if (outer.startsWith("C ")) {
        ids.interfaces.put(outer.substring(2) + inner + key, name);
      }
    }
    return ids;
  }

  /** {@code 1b36}. */
  Optional<String> vendor(String id) {
    return Optional.ofNullable(vendors.get(id));
  }

  /** {@code 1b36:0010}. */
  Optional<String> device(String id) {
    return Optional.ofNullable(devices.get(id));
  }

  /** {@code 0108}. */
  Optional<String> deviceClass(String code) {
    return Optional.ofNullable(classes.getOrDefault(code, CLASSES.get(code)));
  }

  /** {@code 010802}. */
  Optional<String> programmingInterface(String code) {
    return Optional.ofNullable(interfaces.getOrDefault(code, INTERFACES.get(code)));
  }
}
