package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.OutputOption;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Events, as they come. */
final class EventStream {
  private static final String WAIT = "30s";
  private static final long AWAY_MS = 1000;

  private final ApiClient client;
  private final Map<String, String> query;
  private final OutputOption output;
  private boolean headed;
  private boolean away;

  EventStream(ApiClient client, Map<String, String> query, OutputOption output) {
    this.client = client;
    this.query = new LinkedHashMap<>(query);
    this.output = output;
  }

  /** The last ones, then each that comes, until somebody has enough. */
  int follow() throws ApiException, InterruptedException, IOException {
    JsonNode answer = client.get(Kind.EVENT.path(), query);
    query.remove("limit");
    print(Items.of(answer));
    // Asked before each wait, not after: who has gone does not hold this command up.
    while (!System.out.checkError()) {
      query.put("after", Items.text(answer, "revision"));
      query.put("wait", WAIT);
      answer = next(answer);
      print(Items.of(answer));
    }
    return FabricCommand.OK;
  }

  /** A manager that is away is waited for: what happens meanwhile is recorded when it is back. */
  private JsonNode next(JsonNode last) throws ApiException, InterruptedException {
    try {
      JsonNode answer = client.get(Kind.EVENT.path(), query);
      away = false;
      return answer;
    } catch (IOException e) {
      if (!away) {
        FabricCommand.say("the manager is away, waiting for it: %s", e.getMessage());
      }
      away = true;
      Thread.sleep(AWAY_MS);
      return Json.object().put("revision", Items.number(last, "revision"));
    }
  }

  /** Prints some; a header only above the first. */
  void print(List<JsonNode> events) {
    switch (output.format()) {
      case TABLE, WIDE -> {
        List<String> lines =
            Rows.table(Kind.EVENT, events).lines(FabricCommand.terminal(), output.wide());
        lines.stream().skip(headed ? 1 : 0).forEach(System.out::println);
        headed |= !lines.isEmpty();
      }
      case JSON -> events.forEach(each -> System.out.println(Json.text(each)));
      case YAML -> events.forEach(each -> System.out.print("---\n" + OutputOption.yaml(each)));
      case NAME -> events.forEach(each -> System.out.println(Items.text(each, "subject")));
    }
    System.out.flush();
  }
}
