package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.OutputOption;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a member may do, and whose things it sees: the change of it, and the answer to that. */
public final class MemberOption {
  @Option(names = "--role", paramLabel = "ROLE", description = "viewer, operator, admin or none.")
  private String role;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description =
          "Whose things alone a user sees, or whose a server or appliance is; \"\" for all.")
  private String tenant;

  /** Refuses a command that says neither. */
  void check(FabricCommand command) {
    if (role == null && tenant == null) {
      throw command.usage("say --role, --tenant or both");
    }
  }

  /**
   * Changes it, and prints what it is now.
   *
   * @param member {@code KIND/NAME}
   */
  void change(ApiClient client, String member, OutputOption output)
      throws ApiException, IOException, InterruptedException {
    JsonNode answer = client.call("PUT", "/api/v1/members/" + member, Map.of(), body());
    String name = Items.text(answer, "kind") + "/" + Items.text(answer, "name");
    String of = Items.text(answer, "tenant");
    output.print(
        System.out,
        answer,
        () -> List.of(name),
        () ->
            FabricCommand.say(
                "%s has the role %s%s",
                name, Items.text(answer, "role"), of.isEmpty() ? "" : " and belongs to " + of));
  }

  /** As a request has it: what was not said stays as it is. */
  private ObjectNode body() {
    ObjectNode body = Json.object();
    if (role != null) {
      body.put("role", role);
    }
    if (tenant != null) {
      body.put("tenant", tenant);
    }
    return body;
  }
}
