package farslot.cli;

import farslot.control.ControlClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how a running process is. */
@Command(
    name = "status",
    description = {
      "Show sessions, rails, streams, functions and counters of a running appliance or initiator."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot status --from appliance.yaml",
      "  farslot status --from /run/farslot/control.sock -o json"
    })
final class StatusCommand implements Callable<Integer> {
  /** How it is said. */
  enum Output {
    TABLE,
    JSON
  }

  @Option(names = "--from", paramLabel = "PROCESS", required = true, description = Processes.FROM)
  private Path from;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (default) or json.")
  private Output output = Output.TABLE;

  @Override
  public Integer call() throws IOException {
    Map<?, ?> status;
    try (ControlClient client = new ControlClient(Processes.socket(from))) {
      status = client.ask(Map.of("command", "status"));
    }
    if (output == Output.JSON) {
      System.out.println(ControlClient.pretty(status));
    } else {
      print(status, System.out);
    }
    return ExitCode.OK;
  }

  private static void print(Map<?, ?> status, PrintStream out) {
    out.printf("%s %s%n", status.get("kind"), status.get("name"));
    List<String[]> functions = rows("FUNCTION", "STATE", "FACTS");
    for (Map<?, ?> each : maps(status, "functions")) {
      functions.add(
          new String[] {
            text(each, "function"), text(each, "state"), others(each, "function", "state")
          });
    }
    table(functions, out);
    List<String[]> rails = rows("SESSION", "PEER", "STATE", "RAIL", "ROUND TRIP us");
    List<String[]> streams = rows("SESSION", "STREAM", "FUNCTION", "EPOCH", "CREDITS LEFT");
    List<String[]> counters = rows("SESSION", "COUNTER", "VALUE");
    count(status, "-", counters);
    for (Map<?, ?> session : maps(status, "sessions")) {
      String id = text(session, "session");
      List<Map<?, ?>> all = maps(session, "rails");
      for (Map<?, ?> rail : all.isEmpty() ? List.<Map<?, ?>>of(Map.of("rail", "none")) : all) {
        rails.add(
            new String[] {
              id,
              text(session, "peer"),
              text(session, "state"),
              text(rail, "rail"),
              text(rail, "round_trip_us")
            });
      }
      for (Map<?, ?> stream : maps(session, "streams")) {
        streams.add(
            new String[] {
              id,
              text(stream, "stream"),
              text(stream, "function"),
              text(stream, "epoch"),
              credits(stream)
            });
      }
      count(session, id, counters);
    }
    table(rails, out);
    table(streams, out);
    table(counters, out);
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

  private static void count(Map<?, ?> from, String session, List<String[]> rows) {
    if (from.get("counters") instanceof Map<?, ?> counters) {
      counters.forEach(
          (name, value) ->
              rows.add(new String[] {session, String.valueOf(name), String.valueOf(value)}));
    }
  }

  private static List<String[]> rows(String... header) {
    List<String[]> rows = new ArrayList<>();
    rows.add(header);
    return rows;
  }

  private static String text(Map<?, ?> from, String key) {
    Object value = from.get(key);
    return value == null ? "-" : String.valueOf(value);
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

  private static List<Map<?, ?>> maps(Map<?, ?> from, String key) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (from.get(key) instanceof List<?> list) {
      list.forEach(
          each -> {
            if (each instanceof Map<?, ?> map) {
              maps.add(map);
            }
          });
    }
    return maps;
  }

  /** Nothing but a header is not worth a table. */
  private static void table(List<String[]> rows, PrintStream out) {
    if (rows.size() == 1) {
      return;
    }
    out.println();
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", row[i]));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
