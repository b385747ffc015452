package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.ExitCode;
import farslot.cli.output.Table;
import farslot.cli.output.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says how far away things are, and by which ways. */
@Command(
    name = "ping",
    description = {
      "Show each rail between a server and its appliances, and its round trip.",
      "Initiators measure their rails all the time; this asks the manager what they told last. The first "
          + "line says how long the manager itself took to answer."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot ping server-a",
      "  farslot ping rack1 -c 10 -i 500ms       # an appliance: from all servers to it"
    })
public final class PingCommand extends FabricCommand {
  private static final int COUNT_MAX = 1_000_000;
  private static final Duration PAUSE_MAX = Duration.ofHours(1);

  @Parameters(index = "0", paramLabel = "SERVER|APPLIANCE", description = "Whose rails.")
  private String name;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      defaultValue = "1",
      description = "How often (default ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "In between (default ${DEFAULT-VALUE}).")
  private String interval;

  private boolean anyUp;

  @Override
  void check() {
    if (count < 1 || count > COUNT_MAX) {
      throw usage("--count should be 1 to " + COUNT_MAX);
    }
  }

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    long pauseMs = WaitOption.duration("--interval", interval, PAUSE_MAX).toMillis();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        Thread.sleep(pauseMs);
      }
      once(client);
    }
    return anyUp ? OK : ExitCode.UNREACHABLE;
  }

  private void once(ApiClient client) throws ApiException, IOException, InterruptedException {
    long beganNs = System.nanoTime();
    JsonNode servers = client.get(Kind.SERVER.path());
    long tookNs = System.nanoTime() - beganNs;
    ObjectNode answer = Json.object().put("manager", client.describe());
    answer.put("manager-round-trip-ns", tookNs);
    ArrayNode rails = answer.putArray("rails");
    boolean known = false;
    for (JsonNode server : Items.of(servers)) {
      boolean whole = Items.text(server, "name").equals(name);
      known |= whole;
      for (JsonNode rail : server.path("rails")) {
        if (whole || Items.text(rail, "appliance").equals(name)) {
          ObjectNode row = rails.addObject().put("server", Items.text(server, "name"));
          rail.propertyStream().forEach(each -> row.set(each.getKey(), each.getValue()));
          anyUp |= Items.is(rail, "up");
        }
      }
    }
    if (!known && rails.isEmpty()) {
      client.get(Kind.APPLIANCE.path(name)); // Or there is no such thing, and this says so.
    }
    print(answer, tookNs, client.describe());
  }

  private void print(ObjectNode answer, long tookNs, String where) {
    List<JsonNode> rails = Items.list(answer, "rails");
    output.print(
        System.out,
        answer,
        () -> rails.stream().map(each -> Items.text(each, "rail")).toList(),
        () -> {
          System.out.printf("manager %s: %s%n", where, Units.latency(tookNs));
          table(rails).print(System.out, terminal(), output.wide());
          if (rails.isEmpty()) {
            say("%s has no rail: nothing is attached over it, or its initiator is away", name);
          }
        });
  }

  private static Table table(List<JsonNode> rails) {
    Table table =
        new Table(
            List.of(
                Column.of("SERVER"),
                Column.of("APPLIANCE"),
                Column.of("RAIL").least(20),
                Column.of("STATE"),
                Column.number("ROUND TRIP"),
                Column.number("RATE").need(1),
                Column.number("LOSS").need(0),
                Column.of("PROTECTED").need(2),
                Column.of("LAST CAUSE").onlyWide()));
    for (JsonNode each : rails) {
      long bits = Items.number(each, "bits-per-second");
      table.add(
          Cell.plain(Items.text(each, "server")),
          Cell.plain(Items.text(each, "appliance")),
          Cell.plain(Items.text(each, "rail")),
          Cell.state(Items.is(each, "up") ? "up" : "down"),
          Cell.plain(Units.latency(Items.number(each, "round-trip-ns"))),
          Cell.plain(bits == 0 ? "" : Units.count(bits) + "bit/s"),
          Cell.plain(loss(Items.number(each, "loss-per-million"))),
          Cell.plain(Items.text(each, "secured")),
          Cell.plain(Items.text(each, "cause")));
    }
    return table;
  }

  private static String loss(long perMillion) {
    return String.format(java.util.Locale.ROOT, "%.2f %%", perMillion / 10_000.0);
  }
}
