package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Screen;
import farslot.cli.output.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows what each function carries, live. */
@Command(
    name = "top",
    description = {
      "Show what each attached function carries just now: rates each way, operations, latency, QoS, holder.",
      "On a terminal it goes on until q or SIGINT; otherwise, or with --once, it prints one table."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  farslot top", "  farslot top --sort latency", "  farslot top --once -o json"})
public final class TopCommand extends FabricCommand {
  private static final Duration INTERVAL_MAX = Duration.ofMinutes(1);

  @Option(names = "--once", description = "Print once and end.")
  private boolean once;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "How often it looks (default ${DEFAULT-VALUE}).")
  private String interval;

  @Option(
      names = "--sort",
      paramLabel = "BY",
      defaultValue = "RATE",
      description = "rate (default), operations, latency, delay or name.")
  private TopTable.Order order;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    long pauseMs = WaitOption.duration("--interval", interval, INTERVAL_MAX).toMillis();
    if (once || !output.forPeople() || !terminal().out()) {
      JsonNode answer = client.get("/api/v1/top");
      List<JsonNode> items = Items.of(answer);
      output.print(
          System.out,
          answer,
          () -> items.stream().map(each -> Items.text(each, "function")).toList(),
          () -> new TopTable(order).table(items).print(System.out, terminal(), output.wide()));
      if (items.isEmpty() && output.forPeople()) {
        say("nothing is attached");
      }
      return OK;
    }
    try (Screen screen = Screen.open(System.out, terminal())) {
      do {
        screen.show(lines(client, screen.terminal()));
      } while (!screen.waitForQuit(pauseMs));
    }
    return OK;
  }

  private List<String> lines(ApiClient client, Terminal terminal)
      throws ApiException, InterruptedException {
    try {
      return new TopTable(order)
          .lines(Items.of(client.get("/api/v1/top")), terminal, output.wide(), client.describe());
    } catch (IOException e) {
      return List.of(
          "farslot top  %s".formatted(client.describe()),
          "",
          "the manager is away: %s"
              .formatted(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT)),
          "what is attached goes on");
    }
  }
}
