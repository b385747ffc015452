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

/** Says what has happened. */
@Command(
    name = "events",
    description = "Show what has happened in the fabric, the latest last.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot events",
      "  farslot events --subject rack1/disk0 --limit 20",
      "  farslot events -w -o json | jq .message"
    })
public final class EventsCommand extends FabricCommand {
  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "Only what happened to this, such as rack1/disk0.")
  private String subject;

  @Option(names = "--what", paramLabel = "EVENT", description = "Only of this kind.")
  private String what;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "50",
      description = "At most the last N (default ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = {"-w", "--watch"},
      description = "Go on, and print what happens.")
  private boolean watch;

  @Override
  void check() {
    if (limit < 1 || limit > 1000) {
      throw usage("--limit should be 1 to 1000");
    }
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", String.valueOf(limit));
    if (subject != null) {
      query.put("subject", subject);
    }
    if (what != null) {
      query.put("what", what);
    }
    if (watch) {
      return new EventStream(client, query, output).follow();
    }
    JsonNode answer = client.get(Kind.EVENT.path(), query);
    List<JsonNode> items = Items.of(answer);
    output.print(
        System.out,
        answer,
        () -> items.stream().map(each -> Items.text(each, "subject")).toList(),
        () -> Rows.table(Kind.EVENT, items).print(System.out, terminal(), output.wide()));
    return OK;
  }
}
