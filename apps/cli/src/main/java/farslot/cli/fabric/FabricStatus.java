package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Style;
import farslot.cli.output.Terminal;
import farslot.cli.output.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The whole fabric on one screen: who is here, who has what, what somebody should look at. */
public final class FabricStatus {
  private static final int SHOWN_MAX = 10;
  private static final int EVENTS = 5;

  private final Terminal terminal;
  private final boolean coloured;

  private FabricStatus(Terminal terminal) {
    this.terminal = terminal;
    coloured = terminal.outColoured();
  }

  /** Asks and prints; the exit status. */
  public static int print(ManagerOption manager, OutputOption output, PrintStream out)
      throws ApiException, IOException, InterruptedException {
    try (ApiClient client = manager.connect()) {
      return FabricCommand.run(client, asked -> print(asked, output, out));
    }
  }

  private static int print(ApiClient client, OutputOption output, PrintStream out)
      throws ApiException, IOException, InterruptedException {
    ObjectNode all = ask(client);
    output.print(
        out,
        all,
        () -> List.of(client.describe()),
        () -> new FabricStatus(Terminal.current()).print(all, client.describe(), out));
    return FabricCommand.OK;
  }

  private static ObjectNode ask(ApiClient client)
      throws ApiException, IOException, InterruptedException {
    ObjectNode all = (ObjectNode) client.get("/api/v1/status");
    all.set("events", client.get(Kind.EVENT.path(), Map.of("limit", "" + EVENTS)).path("items"));
    ObjectNode sick = Json.object();
    for (JsonNode each : client.get(Kind.FUNCTION.path()).path("items")) {
      Health health = Health.of(each);
      if (!health.isOk()) {
        sick.putObject(Kind.FUNCTION.nameOf(each))
            .put("health", health.word())
            .put("why", health.why());
      }
    }
    all.set("unhealthy", sick);
    return all;
  }

  private void print(JsonNode all, String where, PrintStream out) {
    long upMs = Items.number(all, "now-ms") - Items.number(all, "started-ms");
    line(
        out,
        "manager",
        "%s, %s, up %s, revision %s"
            .formatted(
                where,
                Items.text(all, "software"),
                Units.age(Duration.ofMillis(upMs)),
                Items.text(all, "revision")));
    String store = Items.text(all, "store-problem");
    if (!store.isEmpty()) {
      line(out, "", Style.BAD.paint("nothing can be changed now: " + store, coloured));
    }
    line(out, "appliances", machines(all.path("appliances")));
    line(out, "servers", machines(all.path("servers")));
    line(out, "functions", functions(all.path("functions")));
    trouble(all, out);
    List<JsonNode> events = Items.list(all, "events");
    if (!events.isEmpty()) {
      out.println();
      Rows.table(Kind.EVENT, events).print(out, terminal, false);
    }
  }

  private void line(PrintStream out, String head, String text) {
    out.println(Style.STRONG.paint("%-12s".formatted(head), coloured) + text);
  }

  private String machines(JsonNode of) {
    List<String> away = Items.texts(of, "away");
    String here = Items.number(of, "here") + " here";
    return away.isEmpty()
        ? here
        : here + ", " + Style.BAD.paint(away.size() + " away", coloured) + ": " + some(away);
  }

  private static String some(List<String> names) {
    return names.size() <= SHOWN_MAX
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN_MAX))
            + " and "
            + (names.size() - SHOWN_MAX)
            + " more";
  }

  private String functions(JsonNode states) {
    List<String> words = new ArrayList<>();
    long all = 0;
    for (Map.Entry<String, JsonNode> each : states.properties()) {
      all += each.getValue().asLong();
      words.add(
          each.getValue().asLong() + " " + Style.of(each.getKey()).paint(each.getKey(), coloured));
    }
    return words.isEmpty() ? "none" : all + ": " + String.join(", ", words);
  }

  private void trouble(JsonNode all, PrintStream out) {
    List<String> lines = new ArrayList<>();
    all.path("unhealthy")
        .propertyStream()
        .forEach(
            each -> {
              String word = Items.text(each.getValue(), "health");
              lines.add(
                  each.getKey()
                      + "  "
                      + Style.of(word).paint(word, coloured)
                      + "  "
                      + Items.text(each.getValue(), "why"));
            });
    for (JsonNode each : all.path("waiting")) {
      lines.add(
          "%s  %s to %s, waits for %s"
              .formatted(
                  Items.text(each, "function"),
                  Items.text(each, "phase"),
                  Items.text(each, "holder"),
                  Items.text(each, "waiting")));
    }
    for (JsonNode each : all.path("problems")) {
      lines.add(Items.text(each, "key") + "  " + Items.text(each, "problem"));
    }
    if (lines.isEmpty()) {
      return;
    }
    out.println();
    out.println(Style.STRONG.paint("To look at", coloured));
    lines.stream().limit(SHOWN_MAX).forEach(each -> out.println("  " + each));
    if (lines.size() > SHOWN_MAX) {
      out.println("  and " + (lines.size() - SHOWN_MAX) + " more: farslot list -o wide");
    }
  }
}
