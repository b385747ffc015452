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

/** Takes a function from whoever has it. */
@Command(
    name = "detach",
    description = {
      "Detach a function from the server or guest that has it.",
      "The guest is asked; its driver lets go, and what is under way comes to its end. --force does not "
          + "ask: to the guest it is a card that was pulled."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot detach rack1/disk0",
      "  farslot detach disk0 --sanitise format",
      "  farslot detach disk0 --force -y        # its server is dead"
    })
public final class DetachCommand extends ChangeCommand {
  @Parameters(
      index = "0",
      paramLabel = "FUNCTION",
      description = "APPLIANCE/FUNCTION, or FUNCTION where only one is called so.")
  private String function;

  @Mixin private ReleaseOption release;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    String path = FunctionNames.function(client, function);
    JsonNode now = assignment(client, path);
    String holder = Items.text(now, "holder");
    if (release.forced()) {
      confirm("%s is pulled from %s without asking. Go on?".formatted(path, holder));
    }
    if (dryRun) {
      printDiff(wish(now), Json.object(), "assignment/" + path);
      return OK;
    }
    ObjectNode body = Json.object();
    release.put(body);
    long beganMs = System.currentTimeMillis();
    JsonNode result = change(client, "detach", path, body);
    printResult(result, path, (wait.waits() ? "detached from " : "leaves ") + holder, beganMs);
    if (!wait.waits() && output.forPeople()) {
      say("it goes on; farslot wait --for detached %s waits for it", path);
    }
    return OK;
  }
}
