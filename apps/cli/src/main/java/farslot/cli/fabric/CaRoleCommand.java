package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Changes what somebody may do. */
@Command(
    name = "role",
    description = {
      "Change what a member may do; it holds from his next request on.",
      "A viewer looks, an operator attaches, detaches, moves and changes profiles, an admin says who may "
          + "do what. With a tenant he sees that tenant's things alone, and what is nobody's."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot ca role user/ann --role operator",
      "  farslot ca role initiator/hv1 --tenant acme"
    })
public final class CaRoleCommand extends FabricCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND/NAME",
      description = "user/NAME, initiator/NAME or appliance/NAME; NAME alone is a user.")
  private String who;

  @Mixin private MemberOption member;

  @Override
  void check() {
    if (member.isEmpty()) {
      throw usage("say --role, --tenant or both");
    }
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    String path = who.contains("/") ? who : "user/" + who;
    JsonNode answer = client.call("PUT", "/api/v1/members/" + path, Map.of(), member.body());
    String name = Items.text(answer, "kind") + "/" + Items.text(answer, "name");
    output.print(
        System.out,
        answer,
        () -> List.of(name),
        () ->
            say(
                "%s has the role %s%s",
                name,
                Items.text(answer, "role"),
                Items.text(answer, "tenant").isEmpty()
                    ? ""
                    : " and belongs to " + Items.text(answer, "tenant")));
    return OK;
  }
}
