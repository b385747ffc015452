package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows things of a kind. */
@Command(
    name = "get",
    description = {
      "Show all things of a kind, or those that are named.",
      "Kinds are appliance, function, server, guest, assignment, profile, pool, template, identities, "
          + "event and member; their plurals are as good."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot get servers",
      "  farslot get function rack1/disk0 -o yaml",
      "  farslot get assignment -o wide",
      "  farslot get profile -w"
    })
public final class GetCommand extends FabricCommand {
  @Parameters(index = "0", paramLabel = "KIND", description = "What to show.")
  private String kind;

  @Parameters(index = "1..*", paramLabel = "NAME", description = "Only these.")
  private List<String> names = List.of();

  @Option(
      names = {"-w", "--watch"},
      description = "Go on, and print what changes.")
  private boolean watch;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Kind which = Kind.of(kind);
    if (watch) {
      if (!names.isEmpty()) {
        throw usage("-w follows all of a kind; farslot wait waits for one");
      }
      return which == Kind.EVENT
          ? new EventStream(client, Map.of(), output).follow()
          : new Follow(client, which, Map.of(), output).run();
    }
    JsonNode answer = names.isEmpty() ? client.get(which.path()) : named(client, which);
    // One that was named is itself, and not a list of one.
    boolean single = names.size() == 1;
    List<JsonNode> items = single ? List.of(answer) : Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> items.stream().map(which::nameOf).toList(),
        () -> Rows.table(which, items).print(System.out, terminal(), output.wide()));
    if (items.isEmpty() && output.forPeople()) {
      say("there are no %s", which.plural());
    }
    return OK;
  }

  private JsonNode named(ApiClient client, Kind which)
      throws ApiException, IOException, InterruptedException {
    List<JsonNode> found = new ArrayList<>();
    for (String name : names) {
      found.add(One.get(client, which, name));
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    ObjectNode list = Json.object();
    found.forEach(list.putArray("items")::add);
    return list;
  }
}
