package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Finds the process that has a function's card, if it is on this machine. */
public final class ProcessOf {
  /**
   * A function where it is.
   *
   * @param socket its appliance's control socket
   * @param name without the appliance's
   */
  public record Place(Path socket, String name) {}

  private ProcessOf() {}

  /**
   * Asks the manager.
   *
   * @param function {@code APPLIANCE/FUNCTION}, or a short name that is unique
   * @throws ApiException if its appliance is on another machine, or nobody knows it
   */
  public static Place find(ManagerOption manager, String function)
      throws ApiException, IOException, InterruptedException {
    Place[] found = new Place[1];
    try (ApiClient client = manager.connect()) {
      FabricCommand.run(
          client,
          asked -> {
            found[0] = find(asked, FunctionNames.function(asked, function));
            return FabricCommand.OK;
          });
    }
    return found[0];
  }

  private static Place find(ApiClient client, String path)
      throws ApiException, IOException, InterruptedException {
    client.get(Kind.FUNCTION.path(path));
    int slash = path.indexOf('/');
    String appliance = path.substring(0, slash);
    JsonNode node = client.get(Kind.APPLIANCE.path(appliance));
    String control = Items.text(node, "control");
    if (control.isEmpty() || !Files.exists(Path.of(control))) {
      throw new ApiException(
          ApiError.UNAVAILABLE,
          "appliance %s cannot be asked from here".formatted(appliance),
          control.isEmpty()
              ? "it has told of no control socket"
              : control + " is not on this machine",
          "run it on the appliance's own machine, with --from");
    }
    return new Place(Path.of(control), path.substring(slash + 1));
  }
}
