package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows what a server or guest has, as its own lspci would. */
@Command(
    name = "lspci",
    description = {
      "Show what is assigned to a server or guest in lspci's own format, as its own lspci would.",
      "Without a name, for all of them, each below its own."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  farslot lspci server-a/vm1", "  farslot lspci vm1 -nnv", "  farslot lspci vm1 -t"})
public final class LspciCommand extends FabricCommand {
  private static final String UNKNOWN = "no address yet";

  @Parameters(index = "0", arity = "0..1", paramLabel = "SERVER[/GUEST]", description = "Whose.")
  private String holder;

  @Option(names = "-n", description = "Numbers instead of names (-n), or both (-nn).")
  private boolean[] numbers = {};

  @Option(names = "-D", description = "Always show the domain.")
  private boolean domain;

  @Option(names = "-t", description = "As a tree of buses.")
  private boolean tree;

  // -v is the whole program's; here it means what it means to lspci.
  private boolean more;
  private PciIds ids;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    more = spec.commandLine().getParseResult().hasMatchedOption("-v");
    JsonNode all = client.get(Kind.FUNCTION.path());
    FunctionNames.Holder only = holder == null ? null : FunctionNames.holder(client, holder);
    if (only != null) {
      client.get(Kind.SERVER.path(only.server()));
    }
    List<JsonNode> functions = Assigned.of(all, only);
    ids = PciIds.ofThisMachine();
    output.print(
        System.out,
        Assigned.answer(all, functions),
        () -> functions.stream().map(LspciCommand::bdf).toList(),
        () -> print(functions, only == null || only.guest().isEmpty()));
    return OK;
  }

  private static String bdf(JsonNode function) {
    return Items.text(function.path("assignment").path("live"), "bdf");
  }

  /** Addresses mean something within one guest only. */
  private void print(List<JsonNode> functions, boolean headings) {
    Map<String, List<JsonNode>> holders = new LinkedHashMap<>();
    for (JsonNode each : functions) {
      if (bdf(each).isEmpty()) {
        say("%s: %s", Kind.FUNCTION.nameOf(each), UNKNOWN);
      } else {
        holders
            .computeIfAbsent(
                Items.text(each.path("assignment"), "holder"), key -> new ArrayList<>())
            .add(each);
      }
    }
    if (functions.isEmpty()) {
      say("nothing is attached");
    }
    holders.forEach(
        (name, its) -> {
          if (headings && holders.size() > 1) {
            System.out.println(name + ":");
          }
          if (tree) {
            tree(its);
          } else {
            its.forEach(this::line);
          }
        });
  }

  private String shown(String bdf) {
    return domain || !bdf.startsWith("0000:") ? bdf : bdf.substring("0000:".length());
  }

  private void line(JsonNode function) {
    PciName name = PciName.of(function, ids);
    String bdf = shown(bdf(function));
    String what =
        switch (numbers.length) {
          case 0 -> "%s: %s".formatted(name.classWords(), name.deviceWords());
          case 1 -> "%s: %s".formatted(name.classId(), name.ids());
          default ->
              "%s [%s]: %s [%s]"
                  .formatted(name.classWords(), name.classId(), name.deviceWords(), name.ids());
        };
    System.out.println(bdf + " " + what + (more ? name.interfaceWords() : ""));
    if (more) {
      details(function);
    }
  }

  private static void details(JsonNode function) {
    JsonNode assignment = function.path("assignment");
    String identity = Rows.identity(function, assignment);
    if (Items.is(assignment.path("live"), "driver-bound")) {
      System.out.println("\tFlags: bus master");
    }
    System.out.printf(
        "\tFarslot: %s, epoch %s, %s%s%n%n",
        Kind.FUNCTION.nameOf(function),
        Items.text(assignment, "epoch"),
        Items.text(function, "state"),
        identity.isEmpty() ? "" : ", " + identity);
  }

  /** Buses whose bridges are not known hang at the root, as lspci shows those. */
  private void tree(List<JsonNode> functions) {
    Map<String, List<JsonNode>> buses = new LinkedHashMap<>();
    functions.forEach(
        each ->
            buses
                .computeIfAbsent(bdf(each).replaceAll(":[^:]*$", ""), key -> new ArrayList<>())
                .add(each));
    int left = buses.size();
    boolean first = true;
    for (Map.Entry<String, List<JsonNode>> bus : buses.entrySet()) {
      left--;
      String root = first ? (left == 0 ? "-" : "-+-") : left == 0 ? " \\-" : " +-";
      String head = root + "[" + bus.getKey() + "]-";
      first = false;
      for (int i = 0; i < bus.getValue().size(); i++) {
        boolean last = i == bus.getValue().size() - 1;
        String branch = i == 0 ? (last ? "--" : "+-") : last ? "\\-" : "+-";
        String indent =
            i == 0
                ? head
                : (left == 0 ? " " : " |") + " ".repeat(head.length() - (left == 0 ? 1 : 2));
        JsonNode function = bus.getValue().get(i);
        System.out.println(
            indent
                + branch
                + bdf(function).replaceAll(".*:", "")
                + (more ? "  " + PciName.of(function, ids).deviceWords() : ""));
      }
    }
  }
}
