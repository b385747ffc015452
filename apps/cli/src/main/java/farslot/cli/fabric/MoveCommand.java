package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes a function from one server or guest, and gives it to another. */
@Command(
    name = "move",
    description = {
      "Move a function from the server or guest that has it to another, with its identity.",
      "It is drained, fenced by a new epoch, and attached. 'farslot profile move' moves all slots of a "
          + "profile."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot move rack1/disk0 server-b/vm2",
      "  farslot move nic0 vm2 --force -y       # server-a is dead"
    })
public final class MoveCommand extends ChangeCommand {
  @Parameters(
      index = "0",
      paramLabel = "FUNCTION",
      description = "APPLIANCE/FUNCTION, or FUNCTION where only one is called so.")
  private String function;

  @Parameters(index = "1", paramLabel = "SERVER[/GUEST]", description = "Who gets it.")
  private String holder;

  @Mixin private ReleaseOption release;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    String path = FunctionNames.function(client, function, holder, "move");
    FunctionNames.Holder to = FunctionNames.holder(client, holder);
    JsonNode now = assignment(client, path);
    String from = Items.text(now, "holder");
    if (release.forced()) {
      confirm("%s is pulled from %s without asking. Go on?".formatted(path, from));
    }
    ObjectNode body = Json.object().put("server", to.server()).put("guest", to.guest());
    release.put(body);
    if (dryRun) {
      ObjectNode after = wish(now);
      after.put("server", to.server()).remove("guest");
      if (!to.guest().isEmpty()) {
        after.put("guest", to.guest());
      }
      printDiff(wish(now), after, "assignment/" + path);
      return OK;
    }
    long beganMs = System.currentTimeMillis();
    JsonNode result = change(client, "move", path, body);
    printResult(
        result,
        path,
        (wait.waits() ? "moved" : "on its way") + " from " + from + " to " + to,
        beganMs);
    return OK;
  }
}
