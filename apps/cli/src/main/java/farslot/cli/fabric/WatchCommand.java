package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Follows how things change. */
@Command(
    name = "watch",
    description = {
      "Show things of a kind, then each that changes, until SIGINT. 'farslot events -w' says why."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  farslot watch", "  farslot watch servers", "  farslot watch assignment -o json"})
public final class WatchCommand extends FabricCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KIND",
      defaultValue = "function",
      description = "What to follow (default ${DEFAULT-VALUE}).")
  private String kind;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Kind which = Kind.of(kind);
    return which == Kind.EVENT
        ? new EventStream(client, Map.of(), output).follow()
        : new Follow(client, which, Map.of(), output).run();
  }
}
