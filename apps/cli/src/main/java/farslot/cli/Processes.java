package farslot.cli;

import farslot.appliance.ApplianceConfig;
import farslot.config.ConfigException;
import farslot.control.ControlClient;
import farslot.initiator.InitiatorConfig;
import farslot.up.UpConfig;
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
        return ofUp(from, asAppliance, asInitiator);
      }
    }
  }

  /** Last, because what it says of a file that is wrong is not what an appliance's reader wants. */
  private static Path ofUp(Path from, ConfigException asAppliance, ConfigException asInitiator) {
    try {
      return UpConfig.of(from, null).stateDir().resolve(ControlClient.SOCKET);
    } catch (ConfigException asUp) {
      throw new ConfigException(
          "no configuration of an appliance, an initiator or 'farslot up': %s; %s; %s"
              .formatted(asAppliance.getMessage(), asInitiator.getMessage(), asUp.getMessage()));
    }
  }
}
