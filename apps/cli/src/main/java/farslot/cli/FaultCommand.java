package farslot.cli;

import farslot.api.ApiException;
import farslot.cli.fabric.ManagerOption;
import farslot.cli.fabric.ProcessOf;
import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Table;
import farslot.control.ControlClient;
import farslot.function.faults.FaultKind;
import farslot.function.faults.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a function of a running appliance a bad one. */
@Command(
    name = "fault",
    description = {
      "Make a function of a running appliance go wrong, for trying drivers on bad hardware.",
      "Every card can have every fault. 'farslot fault kinds' says what there is; docs/faults.md what "
          + "drivers see of it. Faults hold until they are cleared, are over, or the appliance ends."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot fault rack1/disk0 no-answer --bar 0 --offset 0x1c",
      "  farslot fault --from appliance.yaml disk0 no-answer --bar 0 --offset 0x1c",
      "  farslot fault --from appliance.yaml disk0 drop --on interrupt --probability 5",
      "  farslot fault --from appliance.yaml disk0 delay --on dma-write --delay 50ms --count 10",
      "  farslot fault --from appliance.yaml disk0 link-down --for 2s --on dma-read --skip 1000",
      "  farslot fault list --from appliance.yaml",
      "  farslot fault clear --from appliance.yaml disk0"
    },
    subcommands = {FaultCommand.Show.class, FaultCommand.Clear.class, FaultCommand.Kinds.class})
final class FaultCommand implements Callable<Integer> {
  private static final String APPLIANCE =
      "The appliance: its control socket, state directory or configuration file.";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "PROCESS",
      description =
          APPLIANCE + " Default: that of the fabric's function, if it is on this machine.")
  private Path from;

  @Mixin private ManagerOption manager;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FUNCTION",
      description = "As 'farslot status --from' names it; without --from, as 'farslot list' does.")
  private String function;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "KIND",
      description = "What goes wrong: see 'farslot fault kinds'.")
  private String kind;

  @Option(
      names = "--on",
      paramLabel = "TRAFFIC",
      split = ",",
      description =
          "With what: read, write, config-read, config-write, dma-read, dma-write, interrupt. Several "
              + "by commas. Default: read where the kind has it.")
  private List<String> on = List.of();

  @Option(names = "--bar", paramLabel = "N", description = "Only in this BAR.")
  private String bar;

  @Option(
      names = "--offset",
      paramLabel = "FIRST[..LAST]",
      description =
          "Only there: offset in the BAR or configuration space, address of DMA, vector of interrupts.")
  private String offset;

  @Option(names = "--skip", paramLabel = "N", description = "Let the first N that match go by.")
  private String skip;

  @Option(names = "--count", paramLabel = "N", description = "Strike N times at most.")
  private String count;

  @Option(
      names = "--probability",
      paramLabel = "PERCENT",
      description = "How likely it strikes each time (default 100).")
  private String probability;

  @Option(names = "--seed", paramLabel = "N", description = "Of chance (default 0).")
  private String seed;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long it lasts: 500ms, 10s, 2min; of link-down, how long it is down.")
  private String duration;

  @Option(names = "--delay", paramLabel = "TIME", description = "Of delay (default 10ms).")
  private String delay;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Of flood: interrupts a second (default 1000).")
  private String rate;

  @Option(names = "--vector", paramLabel = "N", description = "Of flood (default 0).")
  private String vector;

  @Override
  public Integer call() throws ApiException, IOException, InterruptedException {
    if (function == null || kind == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "say --from PROCESS FUNCTION KIND, or list, clear or kinds");
    }
    if (from == null) {
      ProcessOf.Place place = ProcessOf.find(manager, function);
      from = place.socket();
      function = place.name();
    }
    Map<String, Object> fault = new LinkedHashMap<>();
    fault.put("kind", kind);
    put(fault, "on", on.isEmpty() ? null : on);
    put(fault, "bar", bar);
    put(fault, "offset", offset);
    put(fault, "skip", skip);
    put(fault, "count", count);
    put(fault, "probability", probability);
    put(fault, "seed", seed);
    put(fault, "for", duration);
    put(fault, "delay", delay);
    put(fault, "rate", rate);
    put(fault, "vector", vector);
    Map<?, ?> set =
        ask(
            from,
            Map.of("command", "fault", "action", "set", "function", function, "fault", fault));
    System.out.printf("%s: fault %s is set: %s%n", function, set.get("id"), FaultTable.what(set));
    return ExitCode.OK;
  }

  private static void put(Map<String, Object> to, String key, Object value) {
    if (value != null) {
      to.put(key, value);
    }
  }

  private static Map<?, ?> ask(Path from, Map<String, ?> request) throws IOException {
    try (ControlClient client = new ControlClient(Processes.socket(from))) {
      return client.ask(request);
    }
  }

  /** Says which there are. */
  @Command(name = "list", description = "Show the faults that are set, and how often they struck.")
  static final class Show implements Callable<Integer> {
    @Option(names = "--from", paramLabel = "PROCESS", required = true, description = APPLIANCE)
    private Path from;

    @Mixin private OutputOption output;

    @Override
    public Integer call() throws IOException {
      Map<?, ?> answer = ask(from, Map.of("command", "fault", "action", "list"));
      List<Map<?, ?>> faults = Table.maps(answer, "faults");
      Table table = FaultTable.empty();
      faults.forEach(each -> FaultTable.add(table, Table.text(each, "function"), each));
      output.print(
          System.out,
          answer,
          () -> faults.stream().map(each -> Table.text(each, "function")).distinct().toList(),
          () -> table.print(System.out));
      return ExitCode.OK;
    }
  }

  /** Makes things well again. */
  @Command(
      name = "clear",
      description = {
        "Clear faults: all, those of a function, or one.",
        "A function that a fault has taken away is plugged in again."
      })
  static final class Clear implements Callable<Integer> {
    @Option(names = "--from", paramLabel = "PROCESS", required = true, description = APPLIANCE)
    private Path from;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FUNCTION", description = "Only its own.")
    private String function;

    @Option(names = "--id", paramLabel = "N", description = "Only this one of the function.")
    private Integer id;

    @Override
    public Integer call() throws IOException {
      Map<String, Object> request = new LinkedHashMap<>();
      request.put("command", "fault");
      request.put("action", "clear");
      put(request, "function", function);
      put(request, "id", id);
      System.out.printf("%s cleared%n", ask(from, request).get("cleared"));
      return ExitCode.OK;
    }
  }

  /** Says what there is to choose from. */
  @Command(name = "kinds", description = "Show the kinds of fault, and with what they can happen.")
  static final class Kinds implements Callable<Integer> {
    @Override
    public Integer call() {
      Table kinds = new Table("KIND", "WHAT HAPPENS", "ON");
      for (FaultKind each : FaultKind.values()) {
        kinds.add(each.word(), each.summary(), words(each.possible()));
      }
      kinds.print(System.out);
      System.out.println();
      Table traffic = new Table("TRAFFIC", "MEANS");
      for (Traffic each : Traffic.values()) {
        traffic.add(each.word(), each.summary());
      }
      traffic.print(System.out);
      return ExitCode.OK;
    }

    private static String words(Collection<Traffic> some) {
      return some.size() == Traffic.values().length
          ? "anything, or at once"
          : some.stream().map(Traffic::word).collect(Collectors.joining(", "));
    }
  }
}
