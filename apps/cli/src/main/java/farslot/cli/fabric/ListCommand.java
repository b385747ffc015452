package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Says which functions there are, and who has them. */
@Command(
    name = "list",
    description = {
      "List the functions of the fabric: what they are, who has them, how they are.",
      "'farslot get KIND' lists everything else; 'farslot describe' says all about one."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot list",
      "  farslot list --state free -o name",
      "  farslot list --tree",
      "  farslot list -w                # goes on: a line for each change"
    })
public final class ListCommand extends FabricCommand {
  /** More would push the table off the screen. */
  private static final int WHY_LINES_MAX = 5;

  @Option(names = "--appliance", paramLabel = "NAME", description = "Only of this appliance.")
  private String appliance = "";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those that are free, assigned, attached, draining, sanitising and so on.")
  private String state = "";

  @Option(
      names = {"-t", "--tree"},
      description = "As a tree: appliances, their cards, their functions.")
  private boolean tree;

  @Option(
      names = {"-w", "--watch"},
      description = "Go on, and print what changes.")
  private boolean watch;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    if (!appliance.isEmpty()) {
      query.put("appliance", appliance);
    }
    if (!state.isEmpty()) {
      query.put("state", state);
    }
    if (watch) {
      return new Follow(client, Kind.FUNCTION, query, output).run();
    }
    JsonNode answer = client.get(Kind.FUNCTION.path(), query);
    List<JsonNode> items = Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> items.stream().map(Kind.FUNCTION::nameOf).toList(),
        () -> print(items));
    if (items.isEmpty() && output.forPeople()) {
      say(
          query.isEmpty()
              ? "no appliance has told of a function yet: 'farslot get appliance' shows who is here"
              : "no function is like that");
    }
    return OK;
  }

  private void print(List<JsonNode> items) {
    if (tree) {
      new FunctionTree(terminal()).print(items, System.out);
    } else {
      Rows.table(Kind.FUNCTION, items).print(System.out, terminal(), output.wide());
      if (!output.wide()) {
        sayWhy(items);
      }
    }
  }

  /** Why what is not well is so: too long for the table, which has it when it may be wide. */
  private static void sayWhy(List<JsonNode> items) {
    List<JsonNode> unwell =
        items.stream().filter(each -> !Health.of(each).why().isEmpty()).toList();
    unwell.stream()
        .limit(WHY_LINES_MAX)
        .forEach(each -> say("%s: %s", Kind.FUNCTION.nameOf(each), Health.of(each).why()));
    if (unwell.size() > WHY_LINES_MAX) {
      say("and %d more: farslot list -o wide", unwell.size() - WHY_LINES_MAX);
    }
  }
}
