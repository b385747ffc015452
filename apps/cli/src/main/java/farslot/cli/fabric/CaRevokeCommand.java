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
import tools.jackson.databind.node.MissingNode;

/** Shuts somebody out. */
@Command(
    name = "revoke",
    description = {
      "Shut somebody out, at once: none of his certificates counts any more, and he has no role.",
      "One certificate alone goes by its serial number, a token by its id."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot ca revoke initiator/hv1",
      "  farslot ca revoke 5f3a...            # a serial number, as 'farslot ca list' shows it",
      "  farslot ca revoke 0123456789abcdef   # a token's id, as 'farslot ca tokens' shows it"
    })
public final class CaRevokeCommand extends FabricCommand {
  private static final String TOKEN = "[0-9a-f]{16}";

  @Parameters(
      index = "0",
      paramLabel = "WHO",
      description = "KIND/NAME, a certificate's serial number, or a token's id.")
  private String who;

  @Mixin private YesOption yes;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    if (who.matches(TOKEN)) {
      JsonNode answer = delete(client, "/api/v1/tokens/" + who);
      output.print(
          System.out, answer, () -> List.of(who), () -> say("the token %s is withdrawn", who));
      return OK;
    }
    boolean member = who.contains("/");
    if (member) {
      yes.ask(
          who + " loses its certificates and all that it is connected to. Go on?",
          "nothing is revoked");
    }
    JsonNode answer = delete(client, (member ? "/api/v1/members/" : "/api/v1/certificates/") + who);
    List<JsonNode> revoked = Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> revoked.stream().map(each -> Items.text(each, "serial")).toList(),
        () -> say("%s is shut out; %d certificates count no more", who, revoked.size()));
    return OK;
  }

  private static JsonNode delete(ApiClient client, String path)
      throws ApiException, IOException, InterruptedException {
    return client.call("DELETE", path, Map.of(), MissingNode.getInstance());
  }
}
