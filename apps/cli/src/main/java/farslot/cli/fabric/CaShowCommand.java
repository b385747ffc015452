package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Table;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Says who signs. */
@Command(name = "show", description = "Show the authorities that are trusted, and which one signs.")
public final class CaShowCommand extends FabricCommand {
  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    JsonNode answer = client.get("/api/v1/ca");
    List<JsonNode> authorities = Items.list(answer, "authorities");
    output.print(
        System.out,
        answer,
        () -> authorities.stream().map(each -> Items.text(each, "fingerprint")).toList(),
        () -> print(answer, authorities));
    return OK;
  }

  private void print(JsonNode answer, List<JsonNode> authorities) {
    if (!Items.is(answer, "built-in")) {
      say("this manager has no authority: certificates come from another one");
      return;
    }
    Table table =
        new Table(
            List.of(
                Column.of("AUTHORITY").least(20),
                Column.of("FINGERPRINT").need(1),
                Column.of("EXPIRES").need(2),
                Column.of("SIGNS")));
    for (JsonNode each : authorities) {
      table.add(
          Cell.plain(Items.text(each, "subject")),
          Cell.plain(Items.text(each, "fingerprint")),
          Cell.plain(Times.at(Items.number(each, "expires-at-ms"))),
          Cell.plain(Items.is(each, "signs") ? "yes" : "no"));
    }
    table.print(System.out, terminal(), output.wide());
    String next =
        switch (Items.text(answer, "stage")) {
          case "prepared" ->
              "; the next one is trusted, and signs nothing yet: 'farslot ca rotate' goes on";
          case "switched" ->
              "; the former one is still trusted, until all have renewed: 'farslot ca rotate' ends it";
          default -> "";
        };
    say(
        "fabric '%s', %s, %d certificates denied%s",
        Items.text(answer, "fabric"),
        Items.text(answer, "stage"),
        Items.number(answer, "denied"),
        next);
  }
}
