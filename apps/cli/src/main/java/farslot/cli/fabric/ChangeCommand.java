package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.Diff;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Progress;
import farslot.cli.output.Units;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What commands have in common that change who has a function. */
abstract class ChangeCommand extends FabricCommand {
  @Mixin protected WaitOption wait;

  @Option(
      names = "--dry-run",
      description = "Show what would change, as a diff, and change nothing.")
  protected boolean dryRun;

  @Mixin protected YesOption yes;

  /** Refuses to go on if a person says no, or if there is nobody to ask. */
  void confirm(String question) throws ApiException, IOException {
    if (!dryRun) {
      yes.require(question, "nothing is changed", "; --dry-run shows what would change");
    }
  }

  /**
   * Asks for a change of a function, and waits for its end if that is wanted.
   *
   * @param verb {@code attach}, {@code detach} or {@code move}
   * @return the assignment, or the function that nobody has any more
   */
  JsonNode change(ApiClient client, String verb, String function, ObjectNode body)
      throws ApiException, IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    if (wait.waits()) {
      query.put("wait", wait.timeout().toMillis() + "ms");
    }
    Supplier<String> stage = () -> function + ": " + stage(client, function, verb);
    try (Progress _ = Progress.begin(System.err, terminal(), stage)) {
      return client.post(Kind.FUNCTION.path(function) + "/" + verb, query, body);
    }
  }

  /** Who has a function now, who must be somebody. */
  static JsonNode assignment(ApiClient client, String function)
      throws ApiException, IOException, InterruptedException {
    JsonNode assignment = client.get(Kind.FUNCTION.path(function)).path("assignment");
    if (!assignment.isObject()) {
      throw refused(
          ApiError.NOT_FOUND,
          function + " is attached to nobody",
          "",
          "farslot attach %s SERVER/GUEST".formatted(function));
    }
    return assignment;
  }

  /** How far it is, for somebody who watches. */
  private static String stage(ApiClient client, String function, String verb) {
    try {
      JsonNode assignment = client.get(Kind.ASSIGNMENT.path(function));
      String waiting = Items.text(assignment, "waiting");
      return Items.text(assignment, "phase") + (waiting.isEmpty() ? "" : ", waits for " + waiting);
    } catch (ApiException | IOException e) {
      return verb;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return verb;
    }
  }

  /** Shows a change that is not made. */
  static void printDiff(JsonNode before, JsonNode after, String name) {
    List<String> diff =
        Diff.unified(
            name + "  (now)",
            before.isEmpty() ? "" : OutputOption.yaml(before),
            name + "  (after)",
            after.isEmpty() ? "" : OutputOption.yaml(after));
    Diff.painted(diff, terminal().outColoured()).forEach(System.out::println);
    if (diff.isEmpty()) {
      say("nothing would change");
    }
  }

  /** What of an assignment somebody has asked for; nothing if there is none. */
  static ObjectNode wish(JsonNode assignment) {
    ObjectNode wish = Json.object();
    for (String key : List.of("server", "guest", "profile", "slot")) {
      if (!Items.text(assignment, key).isEmpty()) {
        wish.put(key, Items.text(assignment, key));
      }
    }
    JsonNode terms = assignment.path("terms");
    if (!terms.path("identity").isEmpty()) {
      wish.set("identity", terms.path("identity"));
    }
    if (Items.number(terms, "boot-order") != 0) {
      wish.put("boot-order", Items.number(terms, "boot-order"));
    }
    if (terms.path("qos").isObject()) {
      wish.set("qos", terms.path("qos"));
    }
    if (!List.of("", "none").contains(Items.text(terms, "sanitise"))) {
      wish.put("sanitise", Items.text(terms, "sanitise"));
    }
    return wish;
  }

  /** Prints what has become of it. */
  void printResult(JsonNode result, String function, String done, long beganMs) {
    output.print(
        System.out,
        result,
        () -> List.of(function),
        () -> {
          long tookMs = System.currentTimeMillis() - beganMs;
          System.out.printf(
              "%s: %s%s%n",
              function, done, wait.waits() ? " in " + Units.latency(tookMs * 1_000_000) : "");
        });
  }
}
