package farslot.cli.about;

import farslot.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete commands. */
@Command(
    name = "completion",
    description = {
      "Print the function by which a shell completes farslot's commands, options and live names."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(farslot completion bash)               # now; or in ~/.bashrc",
      "  farslot completion bash >/etc/bash_completion.d/farslot",
      "  farslot completion zsh >\"${fpath[1]}/_farslot\"   # zsh, before compinit"
    })
public final class CompletionCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private String shell;

  @Override
  public Integer call() {
    switch (shell) {
      case "bash" -> System.out.print(Shells.BASH);
      case "zsh" -> System.out.print(Shells.ZSH);
      default ->
          throw new CommandLine.ParameterException(
              spec.commandLine(), "there is completion for bash and zsh, not for '" + shell + "'");
    }
    return ExitCode.OK;
  }
}
