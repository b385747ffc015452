package farslot.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The option {@code --nvme}: a slot with a drive, as a configuration file has it. */
final class Drives {
  static final String LABEL = "NAME=FILE[,KEY=VALUE...]";

  private Drives() {}

  /** Reads one. */
  static Map<String, Object> slot(CommandLine command, String drive) {
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
