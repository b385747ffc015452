package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.api.client.ControlTransport;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which manager is asked. */
public final class ManagerOption {
  @Option(
      names = "--manager",
      paramLabel = "WHERE",
      description =
          "Which manager: its control socket, state directory or configuration file, or HOST[:7590]. "
              + "Default: $FARSLOT_MANAGER, what 'farslot join' wrote, or the one of this machine.")
  private String manager;

  /** A client of it. Nothing has been asked yet. */
  public ApiClient connect() throws ApiException, IOException {
    return switch (ManagerFinder.here().find(manager)) {
      case ManagerFinder.Place.Socket socket -> new ApiClient(new ControlTransport(socket.path()));
      case ManagerFinder.Place.Address address ->
          throw new UnsupportedOperationException(address.address());
    };
  }
}
