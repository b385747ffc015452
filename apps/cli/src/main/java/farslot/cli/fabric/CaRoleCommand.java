package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
    member.check(this);
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    member.change(client, who.contains("/") ? who : "user/" + who, output);
    return OK;
  }
}
