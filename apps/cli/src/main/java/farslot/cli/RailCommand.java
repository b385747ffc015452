package farslot.cli;

import farslot.cli.output.ExitCode;
import farslot.cli.output.OutputOption;
import farslot.cli.output.Table;
import farslot.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists and changes the rails of a running initiator. */
@Command(
    name = "rail",
    description = {
      "List, add and remove the rails of a running initiator.",
      "A session uses all rails to its appliance at once. What is added or removed here holds until "
          + "the initiator ends; the configuration file says what it begins with."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot rail list --from initiator.yaml",
      "  farslot rail add --from initiator.yaml 10.0.1.5:7580?from=10.0.1.9",
      "  farslot rail remove --from initiator.yaml 10.0.1.5:7580?from=10.0.1.9",
      "  farslot rail remove --from initiator.yaml 2"
    },
    subcommands = {RailCommand.Show.class, RailCommand.Add.class, RailCommand.Remove.class})
final class RailCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say list, add or remove");
  }

  private static Map<?, ?> ask(Path from, Map<String, ?> request) throws IOException {
    try (ControlClient client = new ControlClient(Processes.socket(from))) {
      return client.ask(request);
    }
  }

  /** Says how they are. */
  @Command(name = "list", description = "Show the rails of a running appliance or initiator.")
  static final class Show implements Callable<Integer> {
    @Option(names = "--from", paramLabel = "PROCESS", required = true, description = Processes.FROM)
    private Path from;

    @Mixin private OutputOption output;

    @Override
    public Integer call() throws IOException {
      Map<?, ?> answer = ask(from, Map.of("command", "rail", "action", "list"));
      List<Map<?, ?>> rails = Table.maps(answer, "rails");
      Table table = RailTable.empty();
      rails.forEach(rail -> RailTable.add(table, rail, rail));
      output.print(
          System.out,
          answer,
          () -> rails.stream().map(rail -> Table.text(rail, "rail")).toList(),
          () -> table.print(System.out));
      return ExitCode.OK;
    }
  }

  /** What adding and removing have in common. */
  abstract static class Change implements Callable<Integer> {
    private final String action;

    @Option(
        names = "--from",
        paramLabel = "PROCESS",
        required = true,
        description = "The initiator: its control socket, run directory or configuration file.")
    private Path from;

    Change(String action) {
      this.action = action;
    }

    abstract String address();

    @Override
    public Integer call() throws IOException {
      Map<?, ?> answer =
          ask(from, Map.of("command", "rail", "action", action, "address", address()));
      System.out.printf("rail %s: %s%n", answer.get("rail"), done());
      return ExitCode.OK;
    }

    private String done() {
      return action.equals("add") ? "dialling " + address() : "removed";
    }
  }

  /** One more. */
  @Command(name = "add", description = "Use one more rail to the appliance.")
  static final class Add extends Change {
    @Parameters(paramLabel = "ADDRESS", description = "As in the configuration file.")
    private String address;

    Add() {
      super("add");
    }

    @Override
    String address() {
      return address;
    }
  }

  /** One less. */
  @Command(name = "remove", description = "Use a rail no more.")
  static final class Remove extends Change {
    @Parameters(
        paramLabel = "ADDRESS",
        description = "As in the configuration file, or the rail's number.")
    private String address;

    Remove() {
      super("remove");
    }

    @Override
    String address() {
      return address;
    }
  }
}
