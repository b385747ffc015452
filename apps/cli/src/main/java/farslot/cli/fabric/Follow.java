package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Terminal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Prints things of a kind, and from then on those that have changed, until somebody has enough. For
 * programs each is a JSON object in a line of its own.
 */
final class Follow {
  /** At least so often it is looked, also for what no document tells: reports of what is. */
  private static final String LOOK = "2s";

  /** A manager that restarts is away for a moment. */
  private static final long AWAY_MS = 1000;

  private final ApiClient client;
  private final Kind kind;
  private final Map<String, String> query;
  private final OutputOption output;
  private Map<String, JsonNode> seen = new LinkedHashMap<>();
  private boolean headed;
  private boolean away;

  Follow(ApiClient client, Kind kind, Map<String, String> query, OutputOption output) {
    this.client = client;
    this.kind = kind;
    this.query = query;
    this.output = output;
  }

  int run() throws ApiException, IOException, InterruptedException {
    long revision = look();
    while (!System.out.checkError()) {
      try {
        client.get("/api/v1/watch", Map.of("from", String.valueOf(revision + 1), "wait", LOOK));
        revision = look();
        away = false;
      } catch (ApiException e) {
        if (e.error() != ApiError.GONE && e.error() != ApiError.BAD_REQUEST) {
          throw e;
        }
        revision = look(); // A manager that begins anew, or has forgotten what was long ago.
      } catch (IOException e) {
        if (!away) {
          FabricCommand.say("the manager is away, waiting for it: %s", e.getMessage());
        }
        away = true;
        Thread.sleep(AWAY_MS);
      }
    }
    return FabricCommand.OK;
  }

  /** Prints what is otherwise than before; the revision of what was seen. */
  private long look() throws ApiException, IOException, InterruptedException {
    JsonNode answer = client.get(kind.path(), query);
    Map<String, JsonNode> now = new LinkedHashMap<>();
    Items.of(answer).forEach(each -> now.put(kind.nameOf(each), each));
    List<JsonNode> changed =
        now.entrySet().stream()
            .filter(each -> !shown(each.getValue()).equals(shown(seen.get(each.getKey()))))
            .map(Map.Entry::getValue)
            .toList();
    print(changed);
    seen.keySet().stream().filter(each -> !now.containsKey(each)).forEach(this::gone);
    seen = now;
    return Items.number(answer, "revision");
  }

  /** What a person would see of it. */
  private String shown(JsonNode item) {
    return item == null
        ? ""
        : output.forPeople()
            ? String.join("", Rows.table(kind, List.of(item)).lines(Terminal.NONE, output.wide()))
            : Json.text(item);
  }

  private void print(List<JsonNode> changed) {
    if (changed.isEmpty()) {
      return;
    }
    switch (output.format()) {
      case TABLE, WIDE -> {
        List<String> lines =
            Rows.table(kind, changed).lines(FabricCommand.terminal(), output.wide());
        lines.subList(headed ? 1 : 0, lines.size()).forEach(System.out::println);
        headed = true;
      }
      case JSON -> changed.forEach(each -> System.out.println(Json.text(each)));
      case YAML -> changed.forEach(each -> System.out.print("---\n" + OutputOption.yaml(each)));
      case NAME -> changed.forEach(each -> System.out.println(kind.nameOf(each)));
    }
    System.out.flush();
  }

  private void gone(String name) {
    if (output.forPeople()) {
      System.out.println(name + "  gone");
    }
  }
}
