package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a token. */
@Command(
    name = "token",
    description = {
      "Make a token with which one machine or person joins the fabric, once.",
      "The token is printed and kept nowhere; give it only to whom it is for."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot ca token --kind appliance --name rack2",
      "  farslot ca token --kind user --name ann --role viewer --expires 8h"
    })
public final class CaTokenCommand extends FabricCommand {
  private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,6})([smhd])");

  @Option(
      names = "--kind",
      required = true,
      paramLabel = "KIND",
      description = "appliance, initiator or user.")
  private String kind;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "Its name, for good.")
  private String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "Of a user: viewer, operator or admin.")
  private String role;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Whose things alone a user sees, or whose a server or an appliance is.")
  private String tenant = "";

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long it may be used: 30m, 1h, 7d (default ${DEFAULT-VALUE}).")
  private String expires;

  @Override
  void check() {
    if (!TIME.matcher(expires).matches()) {
      throw usage("--expires should be a time such as 30m, 1h or 7d, not '" + expires + "'");
    }
  }

  private long seconds() {
    Matcher matcher = TIME.matcher(expires);
    if (!matcher.matches()) {
      throw usage("--expires");
    }
    int unit =
        switch (matcher.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3_600;
          default -> 86_400;
        };
    return Long.parseLong(matcher.group(1)) * unit;
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    ObjectNode body = Json.object().put("kind", kind).put("name", name);
    body.put("tenant", tenant).put("expires-seconds", seconds());
    if (role != null) {
      body.put("role", role);
    }
    JsonNode answer = client.post("/api/v1/tokens", Map.of(), body);
    String text = Items.text(answer, "token");
    output.print(
        System.out,
        answer,
        () -> List.of(text),
        () -> {
          System.out.println(text);
          say(
              "it lets %s/%s join once, until %s: farslot join MANAGER TOKEN",
              kind, name, Times.at(Items.number(answer, "expires-at-ms")));
        });
    return OK;
  }
}
