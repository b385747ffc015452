package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.Style;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Gives a function to a server or to one of its guests. */
@Command(
    name = "attach",
    description = {
      "Attach a function to a server, or to one of its guests.",
      "A running guest gets it by hot-plug. Without a guest the server's initiator offers a socket, and "
          + "this prints the -device argument for QEMU."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot attach rack1/disk0 server-a/vm1",
      "  farslot attach nic0 vm1 --mac 52:54:00:12:34:56 --peak 250MB",
      "  farslot attach rack1/disk0 server-a         # for a guest that is to be started",
      "  farslot attach rack1/disk0 vm1 --dry-run"
    })
public final class AttachCommand extends ChangeCommand {
  @Parameters(
      index = "0",
      paramLabel = "FUNCTION",
      description = "APPLIANCE/FUNCTION, or FUNCTION where only one is called so.")
  private String function;

  @Parameters(
      index = "1",
      paramLabel = "SERVER[/GUEST]",
      description = "Who gets it; a guest's own name where only one is called so.")
  private String holder;

  @Option(
      names = "--identity",
      paramLabel = "KEY=VALUE",
      description = "Give it an identity, such as serial=X. Repeatable.")
  private Map<String, String> identity = new LinkedHashMap<>();

  @Option(names = "--mac", paramLabel = "MAC", description = "The same as --identity mac=MAC.")
  private String mac;

  @Option(
      names = "--boot-order",
      paramLabel = "N",
      description = "Boot from it, 1 first (default: not).")
  private int bootOrder;

  @Mixin private QosOption qos;

  @Option(
      names = "--sanitise",
      paramLabel = "HOW",
      description = "What is done before somebody else gets it: none, format or identity.")
  private String sanitise;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    String path = FunctionNames.function(client, function, holder, "attach");
    FunctionNames.Holder to = FunctionNames.holder(client, holder);
    ObjectNode body = body(to);
    if (dryRun) {
      return dry(client, path, to, body);
    }
    long beganMs = System.currentTimeMillis();
    JsonNode result = change(client, "attach", path, body);
    String bdf = Items.text(result.path("live"), "bdf");
    printResult(
        result,
        path,
        (wait.waits() ? "attached to " : "on its way to ")
            + to
            + (bdf.isEmpty() ? "" : " as " + bdf),
        beganMs);
    if (output.forPeople()) {
      detail(result, path);
    }
    return OK;
  }

  private ObjectNode body(FunctionNames.Holder to) throws ApiException {
    ObjectNode body = Json.object().put("server", to.server()).put("guest", to.guest());
    if (mac != null) {
      identity.put("mac", mac);
    }
    if (!identity.isEmpty()) {
      body.set("identity", Json.tree(identity));
    }
    if (bootOrder != 0) {
      body.put("boot-order", bootOrder);
    }
    qos.put(body);
    if (sanitise != null) {
      body.put("sanitise", sanitise);
    }
    return body;
  }

  private void detail(JsonNode result, String path) {
    String detail = Items.text(result.path("live"), "detail");
    if (!detail.isEmpty()) {
      System.out.println(Style.FAINT.paint(detail, terminal().outColoured()));
    }
    if (!wait.waits()) {
      say("it goes on; farslot wait --for attached %s waits for it", path);
    }
  }

  /** What the manager would refuse is refused here, too, in words of its own. */
  private int dry(ApiClient client, String path, FunctionNames.Holder to, ObjectNode body)
      throws ApiException, IOException, InterruptedException {
    JsonNode now = client.get(Kind.FUNCTION.path(path));
    client.get(Kind.SERVER.path(to.server()));
    JsonNode assignment = now.path("assignment");
    String has = Items.text(assignment, "holder");
    if (!has.isEmpty() && !has.equals(to.toString())) {
      throw refused(
          ApiError.CONFLICT,
          path + " would not be attached",
          has + " has it",
          "farslot move %s %s, or farslot detach %s".formatted(path, to, path));
    }
    ObjectNode after = body.deepCopy();
    if (to.guest().isEmpty()) {
      after.remove("guest");
    }
    printDiff(wish(assignment), after, "assignment/" + path);
    return OK;
  }
}
