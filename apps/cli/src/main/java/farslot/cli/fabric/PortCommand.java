package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Says what is attached, where. */
@Command(
    name = "port",
    description = {
      "Show what is attached to servers and guests: the slots as their software sees them.",
      "As 'usbip port' does for USB."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  farslot port", "  farslot port server-a", "  farslot port server-a/vm1"})
public final class PortCommand extends FabricCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SERVER[/GUEST]",
      description = "Only of this one.")
  private String holder;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    JsonNode answer = client.get(Kind.FUNCTION.path());
    FunctionNames.Holder only = holder == null ? null : FunctionNames.holder(client, holder);
    if (only != null) {
      client.get(Kind.SERVER.path(only.server()));
    }
    List<JsonNode> ports = Assigned.of(answer, only);
    output.print(
        System.out,
        Assigned.answer(answer, ports),
        () -> ports.stream().map(Kind.FUNCTION::nameOf).toList(),
        () -> print(ports));
    return OK;
  }

  private static void print(List<JsonNode> ports) {
    Map<String, List<JsonNode>> holders = new LinkedHashMap<>();
    ports.forEach(
        each ->
            holders
                .computeIfAbsent(
                    Items.text(each.path("assignment"), "holder"),
                    key -> new java.util.ArrayList<>())
                .add(each));
    PciIds ids = PciIds.ofThisMachine();
    boolean first = true;
    for (Map.Entry<String, List<JsonNode>> each : holders.entrySet()) {
      String heading = "Attached to " + each.getKey();
      System.out.printf(
          "%s%s%n%s%n", first ? "" : System.lineSeparator(), heading, "=".repeat(heading.length()));
      first = false;
      for (int i = 0; i < each.getValue().size(); i++) {
        port(i, each.getValue().get(i), ids);
      }
    }
    if (ports.isEmpty()) {
      say("nothing is attached");
    }
  }

  private static void port(int number, JsonNode function, PciIds ids) {
    JsonNode assignment = function.path("assignment");
    JsonNode live = assignment.path("live");
    String bdf = Items.text(live, "bdf");
    PciName name = PciName.of(function, ids);
    System.out.printf(
        "Port %02d: <%s>%s%n       %s (%s)%n",
        number,
        Items.text(function, "state"),
        bdf.isEmpty() ? "" : " at " + bdf,
        name.deviceWords(),
        name.ids());
    System.out.printf(
        "       -> farslot:%s  epoch %s%s%n",
        Kind.FUNCTION.nameOf(function),
        Items.text(assignment, "epoch"),
        Items.is(live, "driver-bound") ? ", driver bound" : "");
  }
}
