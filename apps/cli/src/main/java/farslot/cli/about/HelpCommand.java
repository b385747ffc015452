package farslot.cli.about;

import farslot.cli.output.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what {@code --help} prints, for those who say it the other way round. */
@Command(
    name = "help",
    description = {"Show the help of a command, as its --help does."},
    footerHeading = "%nExamples:%n",
    footer = {"  farslot help", "  farslot help attach", "  farslot help ca token"})
public final class HelpCommand implements Callable<Integer> {
  private final Supplier<CommandLine> root;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Which; without it, all.")
  private List<String> words = List.of();

  /**
   * @param root with all commands
   */
  public HelpCommand(Supplier<CommandLine> root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    CommandLine command = named(root.get(), words, spec.commandLine());
    command.usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }

  /**
   * The command that words name.
   *
   * @param asker whose help is pointed to when there is none
   */
  static CommandLine named(CommandLine root, List<String> words, CommandLine asker) {
    CommandLine command = root;
    for (String word : words) {
      CommandLine sub = command.getSubcommands().get(word);
      if (sub == null) {
        throw new CommandLine.ParameterException(
            asker, "there is no command '" + String.join(" ", words) + "'");
      }
      command = sub;
    }
    return command;
  }
}
