package farslot.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What an appliance houses and where it listens, for whoever has no configuration file. */
final class SlotOptions {
  private static final String LABEL = "NAME=FILE[,KEY=VALUE...]";

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description = "Where initiators connect (default 127.0.0.1:7580). Repeatable.")
  private List<String> listen = List.of();

  @Option(
      names = "--nvme",
      paramLabel = LABEL,
      description =
          "A slot with an NVMe drive; keys: size, block-size, read-only, serial. Repeatable.")
  private List<String> drives = List.of();

  /** Whether none of them was given. */
  boolean isEmpty() {
    return listen.isEmpty() && drives.isEmpty();
  }

  /** Whether there is nothing to lend. */
  boolean hasNoDrive() {
    return drives.isEmpty();
  }

  /** Adds what a configuration file would have; what was not given is left out. */
  void put(Map<String, Object> values, CommandLine command) {
    if (!listen.isEmpty()) {
      values.put("listen", listen);
    }
    List<Object> slots = new ArrayList<>();
    for (String drive : drives) {
      slots.add(slot(command, drive));
    }
    values.put("slots", slots);
  }

  private static Map<String, Object> slot(CommandLine command, String drive) {
    String[] parts = drive.split(",");
    int equals = parts[0].indexOf('=');
    if (equals < 1) {
      throw usage(command, "--nvme should be " + LABEL + ", not '" + drive + "'");
    }
    Map<String, Object> slot = new LinkedHashMap<>();
    Map<String, Object> namespace = new LinkedHashMap<>();
    slot.put("name", parts[0].substring(0, equals));
    slot.put("card", "nvme");
    namespace.put("file", parts[0].substring(equals + 1));
    for (int i = 1; i < parts.length; i++) {
      int at = parts[i].indexOf('=');
      if (at < 1) {
        throw usage(command, "--nvme: '" + parts[i] + "' should be KEY=VALUE");
      }
      String key = parts[i].substring(0, at);
      (key.equals("serial") ? slot : namespace).put(key, parts[i].substring(at + 1));
    }
    slot.put("namespaces", List.of(namespace));
    return slot;
  }

  private static CommandLine.ParameterException usage(CommandLine command, String what) {
    return new CommandLine.ParameterException(command, what);
  }
}
