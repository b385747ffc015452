package farslot.cli;

import farslot.api.ApiException;
import farslot.cli.fabric.FabricStatus;
import farslot.cli.fabric.ManagerOption;
import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Table;
import farslot.control.ControlClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how a running process is. */
@Command(
    name = "status",
    description = {
      "Show the whole fabric on one screen; with --from, one running process.",
      "Of a process it shows sessions, rails, streams, functions and counters."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot status",
      "  farslot status --from appliance.yaml",
      "  farslot status --from /run/farslot/control.sock -o json"
    })
final class StatusCommand implements Callable<Integer> {
  @Option(names = "--from", paramLabel = "PROCESS", description = Processes.FROM)
  private Path from;

  @Mixin private ManagerOption manager;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws ApiException, IOException, InterruptedException {
    if (from == null) {
      return FabricStatus.print(manager, output, System.out);
    }
    Map<?, ?> status;
    try (ControlClient client = new ControlClient(Processes.socket(from))) {
      status = client.ask(Map.of("command", "status"));
    }
    output.print(System.out, status, () -> print(status, System.out));
    return ExitCode.OK;
  }

  private static void print(Map<?, ?> status, PrintStream out) {
    out.printf("%s %s%n", status.get("kind"), status.get("name"));
    Table functions = new Table("FUNCTION", "STATE", "FACTS");
    Table faults = FaultTable.empty();
    for (Map<?, ?> each : Table.maps(status, "functions")) {
      String name = Table.text(each, "function");
      Table.maps(each, "faults").forEach(fault -> FaultTable.add(faults, name, fault));
      String facts = others(each, "function", "state", "faults");
      functions.add(Table.text(each, "function"), Table.text(each, "state"), facts);
    }
    Table sessions = new Table("SESSION", "PEER", "STATE", "RAILS");
    Table rails = RailTable.empty();
    Table streams = new Table("SESSION", "STREAM", "FUNCTION", "EPOCH", "CREDITS LEFT");
    Table qos = QosTable.empty();
    Table counters = new Table("SESSION", "COUNTER", "VALUE");
    Table.maps(status, "rails").forEach(rail -> RailTable.add(rails, Map.of(), rail));
    count(status, "-", counters);
    for (Map<?, ?> session : Table.maps(status, "sessions")) {
      session(session, sessions, rails, streams);
      Table.maps(session, "streams").forEach(stream -> QosTable.add(qos, stream));
      count(session, Table.text(session, "session"), counters);
    }
    for (Table table : List.of(functions, faults, sessions, rails, streams, qos, counters)) {
      if (!table.isEmpty()) {
        out.println();
        table.print(out);
      }
    }
  }

  private static void session(Map<?, ?> session, Table sessions, Table rails, Table streams) {
    String id = Table.text(session, "session");
    List<Map<?, ?>> all = Table.maps(session, "rails");
    sessions.add(id, Table.text(session, "peer"), Table.text(session, "state"), railsUp(all));
    all.forEach(rail -> RailTable.add(rails, session, rail));
    for (Map<?, ?> stream : Table.maps(session, "streams")) {
      streams.add(
          id,
          Table.text(stream, "stream"),
          Table.text(stream, "function"),
          Table.text(stream, "epoch"),
          credits(stream));
    }
  }

  private static String railsUp(List<Map<?, ?>> rails) {
    long up = rails.stream().filter(rail -> "up".equals(rail.get("state"))).count();
    return up == rails.size() ? String.valueOf(up) : up + " of " + rails.size();
  }

  private static String credits(Map<?, ?> stream) {
    List<String> words = new ArrayList<>();
    if (stream.get("credits") instanceof Map<?, ?> classes) {
      classes.forEach(
          (flow, level) -> {
            if (level instanceof Map<?, ?> left) {
              words.add(
                  "%s %s/%s"
                      .formatted(
                          flow, amount(left.get("headers_left")), amount(left.get("data_left"))));
            }
          });
    }
    return String.join(", ", words);
  }

  private static String amount(Object credits) {
    boolean infinite = credits instanceof Number number && number.intValue() == Integer.MAX_VALUE;
    return infinite ? "infinite" : String.valueOf(credits);
  }

  private static void count(Map<?, ?> from, String session, Table rows) {
    if (from.get("counters") instanceof Map<?, ?> counters) {
      counters.forEach(
          (name, value) -> rows.add(session, String.valueOf(name), String.valueOf(value)));
    }
  }

  private static String others(Map<?, ?> from, String... without) {
    List<String> words = new ArrayList<>();
    from.forEach(
        (key, value) -> {
          if (!List.of(without).contains(key)) {
            words.add(key + " " + value);
          }
        });
    return String.join(", ", words);
  }
}
