package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Says which tokens there are. */
@Command(name = "tokens", description = "List join tokens, used ones for a month too; no secrets.")
public final class CaTokensCommand extends FabricCommand {
  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    JsonNode answer = client.get("/api/v1/tokens");
    List<JsonNode> items = Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> items.stream().map(each -> Items.text(each, "id")).toList(),
        () -> table(items).print(System.out, terminal(), output.wide()));
    return OK;
  }

  private static Table table(List<JsonNode> items) {
    Table table =
        new Table(
            List.of(
                Column.of("ID"),
                Column.of("FOR").least(12),
                Column.of("ROLE").need(2),
                Column.of("TENANT").need(1),
                Column.of("STATE"),
                Column.of("EXPIRES").need(3),
                Column.of("MADE BY").need(0),
                Column.of("USED FROM").onlyWide()));
    for (JsonNode each : items) {
      table.add(
          Cell.plain(Items.text(each, "id")),
          Cell.plain(Items.text(each, "kind") + "/" + Items.text(each, "name")),
          Cell.plain(Items.text(each, "role").replace("none", "")),
          Cell.plain(Items.text(each, "tenant")),
          Cell.state(state(each)),
          Cell.plain(Times.at(Items.number(each, "expires-at-ms"))),
          Cell.plain(Items.text(each, "by")),
          Cell.plain(Items.text(each, "used-from")));
    }
    return table;
  }

  private static String state(JsonNode token) {
    if (Items.number(token, "used-at-ms") > 0) {
      return "used";
    }
    boolean over = Items.number(token, "expires-at-ms") <= Instant.now().toEpochMilli();
    return over ? "expired" : "ready";
  }
}
