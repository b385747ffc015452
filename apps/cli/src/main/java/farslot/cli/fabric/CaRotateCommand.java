package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Replaces the authority, a step at a time. */
@Command(
    name = "rotate",
    description = {
      "Replace the fabric's authority by another one, in three steps; nothing is interrupted.",
      "First the next authority is made and everybody is told to trust it too. Then it signs, and everybody "
          + "renews by himself. Last the former one is trusted no more, which is refused while it would cut "
          + "somebody off. Leave a minute or more between the steps; 'farslot ca show' says where it stands."
    })
public final class CaRotateCommand extends FabricCommand {
  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "prepare, switch or finish; the next one if nothing is said.")
  private String step;

  @Option(
      names = {"-f", "--force"},
      description = "Finish even if somebody is cut off.")
  private boolean force;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    String now = Items.text(client.get("/api/v1/ca"), "stage");
    String next = step;
    if (next == null) {
      next =
          switch (now) {
            case "prepared" -> "switch";
            case "switched" -> "finish";
            default -> "prepare";
          };
    }
    JsonNode answer =
        client.post(
            "/api/v1/ca/rotate", Map.of(), Json.object().put("step", next).put("force", force));
    String stage = Items.text(answer, "stage");
    output.print(System.out, answer, () -> List.of(stage), () -> say("%s", said(stage)));
    return OK;
  }

  private static String said(String stage) {
    return switch (stage) {
      case "prepared" ->
          "the next authority is trusted, and signs nothing yet: give everybody a minute to hear of it, "
              + "then 'farslot ca rotate'";
      case "switched" ->
          "the next authority signs, and everybody renews: 'farslot ca rotate' when all have";
      default -> "the former authority is trusted no more";
    };
  }
}
