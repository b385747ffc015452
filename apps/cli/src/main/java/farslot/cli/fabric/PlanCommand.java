package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Diff;
import farslot.cli.output.Progress;
import farslot.cli.output.Style;
import farslot.cli.output.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes that are planned first, and then happen as a whole or not at all. */
abstract class PlanCommand extends FabricCommand {
  @Mixin private WaitOption wait;

  @Option(
      names = "--dry-run",
      description = "Show the plan and what would change, as a diff, and change nothing.")
  private boolean dryRun;

  @Mixin private YesOption yes;

  @Option(names = "--force", description = "Do not ask servers that have to let go of something.")
  private boolean force;

  /**
   * Plans, shows the plan, asks if there is somebody to ask, and does it.
   *
   * @param what the request's path
   * @param body without {@code dry-run}, {@code force} and {@code revision}
   * @param destructive whether somebody has to agree even where nobody can be asked
   */
  int carryOut(ApiClient client, String what, ObjectNode body, boolean destructive)
      throws ApiException, IOException, InterruptedException {
    body.put("force", force);
    JsonNode plan = client.post(what, Map.of(), body.deepCopy().put("dry-run", true));
    boolean nothing = plan.path("steps").isEmpty() && Items.text(plan, "diff").isEmpty();
    if (dryRun || nothing) {
      output.print(
          System.out, plan, () -> Items.texts(plan, "profiles"), () -> show(plan, nothing));
      return OK;
    }
    agree(plan, destructive || force);
    body.put("revision", Items.number(plan, "revision"));
    Map<String, String> query = new LinkedHashMap<>();
    if (wait.waits()) {
      query.put("wait", wait.timeout().toMillis() + "ms");
    }
    long beganMs = System.currentTimeMillis();
    JsonNode result;
    try (Progress _ =
        Progress.begin(System.err, terminal(), () -> "waits until all is as wished")) {
      result = client.post(what, query, body);
    }
    output.print(
        System.out, result, () -> Items.texts(result, "profiles"), () -> done(result, beganMs));
    return OK;
  }

  private void agree(JsonNode plan, boolean destructive) throws ApiException, IOException {
    if (yes.asks()) {
      lines(plan, terminal().errColoured()).forEach(System.err::println);
    }
    if (destructive) {
      yes.require("Go on?", "nothing is changed", "; --dry-run shows what would change");
    } else {
      yes.ask("Go on?", "nothing is changed");
    }
  }

  private static void show(JsonNode plan, boolean nothing) {
    lines(plan, terminal().outColoured()).forEach(System.out::println);
    if (nothing) {
      say("all is as wished already");
    }
  }

  private static List<String> lines(JsonNode plan, boolean coloured) {
    List<String> lines = new ArrayList<>();
    for (JsonNode step : plan.path("steps")) {
      String reason = Items.text(step, "reason");
      lines.add(
          "%s %s: %s%s"
              .formatted(
                  Style.STRONG.paint(Items.text(step, "verb"), coloured),
                  Items.text(step, "subject"),
                  Items.text(step, "text"),
                  reason.isEmpty() ? "" : " (" + reason + ")"));
    }
    lines.addAll(Diff.painted(Items.text(plan, "diff").lines().toList(), coloured));
    return lines;
  }

  private void done(JsonNode result, long beganMs) {
    for (JsonNode step : result.path("steps")) {
      System.out.printf(
          "%s %s: %s%n",
          Items.text(step, "verb"), Items.text(step, "subject"), Items.text(step, "text"));
    }
    String end = Items.text(result, "result");
    if (!end.isEmpty()) {
      long tookMs = System.currentTimeMillis() - beganMs;
      System.out.printf("%s, in %s%n", end, Units.latency(tookMs * 1_000_000));
    } else if (!Items.text(result, "change").isEmpty()) {
      say("it goes on; farslot events -w shows how");
    }
  }
}
