package farslot.cli;

import farslot.appliance.ApplianceConfig;
import farslot.config.ConfigException;
import farslot.control.ControlClient;
import farslot.initiator.InitiatorConfig;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the control socket of a process that somebody means. */
final class Processes {
  static final String FROM =
      "The process: its control socket, the directory of it, or its configuration file.";

  private Processes() {}

  /**
   * The socket that {@code from} stands for.
   *
   * @throws ConfigException when it is a file that configures nothing
   */
  static Path socket(Path from) {
    if (Files.isDirectory(from)) {
      return from.resolve(ControlClient.SOCKET);
    }
    if (!Files.isRegularFile(from)) {
      return from; // A socket, or nothing, and then the client says so.
    }
    try {
      return ApplianceConfig.of(from).stateDir().resolve(ControlClient.SOCKET);
    } catch (ConfigException asAppliance) {
      try {
        return InitiatorConfig.of(from).runDir().resolve(ControlClient.SOCKET);
      } catch (ConfigException asInitiator) {
        throw new ConfigException(
            "neither an appliance's nor an initiator's configuration: %s; %s"
                .formatted(asAppliance.getMessage(), asInitiator.getMessage()));
      }
    }
  }
}
