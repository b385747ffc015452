package farslot.cli;

import farslot.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code farslot}. */
@Command(
    name = "farslot",
    description = {
      "PCI Express slots at the other end of an Ethernet cable.",
      "An appliance houses cards; an initiator beside a hypervisor shows assigned functions as local "
          + "PCIe devices. Start the appliance where the disks are and the initiator where the guests are."
    },
    footerHeading = "%nExit status:%n",
    footer = {ExitCode.TABLE},
    versionProvider = VersionCommand.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  private boolean version;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log more.")
  private void verbose(boolean on) {
    Logs.toStandardError(on);
  }

  /** Runs a subcommand and exits with its status. */
  public static void main(String[] args) {
    if (Commands.logs(args)) {
      Logs.toStandardError(false);
    }
    StandardOutput output = StandardOutput.install();
    System.exit(output.ended(run(args)));
  }

  /** Runs a subcommand and returns its status. */
  static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    Commands.addTo(line, args);
    return wide(line)
        .setParameterExceptionHandler(Usage::onWrong)
        .setExecutionExceptionHandler(Main::onFailure)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  /** Without a terminal: no example may be broken, it is there to be copied. */
  private static CommandLine wide(CommandLine line) {
    return line.setUsageHelpAutoWidth(true).setUsageHelpWidth(110);
  }

  /** The program with all its commands, to be looked at. */
  static CommandLine all() {
    CommandLine line = new CommandLine(new Main());
    Commands.addAllTo(line);
    return wide(line);
  }

  /** The program with the command that a line begins with, or all while that is being typed. */
  static CommandLine completing(java.util.List<String> words) {
    CommandLine line = new CommandLine(new Main());
    Commands.addTo(line, words.size() > 1 ? words.toArray(String[]::new) : new String[0]);
    return line;
  }

  /** Whoever says nothing wants to know what can be said; a script that does so is wrong. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  private static int onFailure(
      Exception thrown, CommandLine command, CommandLine.ParseResult parsed) {
    return Failures.report(thrown, command.getErr());
  }
}
