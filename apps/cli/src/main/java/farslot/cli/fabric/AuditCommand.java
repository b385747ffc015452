package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Style;
import farslot.cli.output.Table;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows who has asked for what change. */
@Command(
    name = "audit",
    description =
        "Show each change that was asked for: by whom, from where, and whether it was done.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot audit",
      "  farslot audit --limit 20 -o json",
      "  farslot audit --from 1000"
    })
public final class AuditCommand extends FabricCommand {
  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "At most so many.")
  private Integer limit;

  @Option(names = "--from", paramLabel = "NUMBER", description = "From this record on.")
  private Long from;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    if (limit != null) {
      query.put("limit", limit.toString());
    }
    if (from != null) {
      query.put("from", from.toString());
    }
    JsonNode answer = client.get("/api/v1/audit", query);
    List<JsonNode> items = Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> items.stream().map(each -> Items.text(each, "number")).toList(),
        () -> table(items).print(System.out, terminal(), output.wide()));
    if (items.isEmpty() && output.forPeople()) {
      say("nobody has asked for a change yet");
    }
    return OK;
  }

  private static Table table(List<JsonNode> items) {
    Table table =
        new Table(
            List.of(
                Column.number("NUMBER").need(0),
                Column.of("TIME"),
                Column.of("WHO"),
                Column.of("FROM").need(1).least(12),
                Column.of("WHAT").least(24),
                Column.of("OUTCOME"),
                Column.of("WHY").onlyWide(),
                Column.of("BODY").onlyWide()));
    for (JsonNode each : items) {
      String outcome = Items.text(each, "outcome");
      table.add(
          Cell.plain(Items.text(each, "number")),
          Cell.of(Rows.time(Items.number(each, "at-ms")), Style.FAINT),
          Cell.of(Items.text(each, "who"), Style.STRONG),
          Cell.plain(Items.text(each, "from")),
          Cell.plain(Items.text(each, "what")),
          Cell.of(outcome, outcome.equals("done") ? Style.GOOD : Style.BAD),
          Cell.plain(Items.text(each, "why")),
          Cell.plain(Items.text(each, "body")));
    }
    return table;
  }
}
