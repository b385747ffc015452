package farslot.cli.about;

import farslot.cli.output.ExitCode;
import farslot.cli.output.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a manual page, or writes them all. */
@Command(
    name = "man",
    description = {
      "Show the manual page of a command, or write all of them as files for man.",
      "On a terminal man itself shows it; otherwise the page is printed as roff."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot man attach",
      "  farslot man rail add",
      "  farslot man --to /usr/local/share/man/man1"
    })
public final class ManCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Of which.")
  private List<String> words = List.of();

  @Option(names = "--to", paramLabel = "DIR", description = "Write all pages there.")
  private Path to;

  private final Supplier<CommandLine> root;
  private final String version;

  /**
   * @param root with all commands
   * @param version of the program
   */
  public ManCommand(Supplier<CommandLine> root, String version) {
    this.root = root;
    this.version = version;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (to != null) {
      Files.createDirectories(to);
      write(root.get());
      return ExitCode.OK;
    }
    CommandLine command = HelpCommand.named(root.get(), words, spec.commandLine());
    show(ManualPage.of(command, version));
    return ExitCode.OK;
  }

  private void write(CommandLine command) throws IOException {
    String name = ManualPage.fileName(command.getCommandSpec()) + ".1";
    Files.writeString(to.resolve(name), ManualPage.of(command, version));
    for (CommandLine each : ManualPage.subcommands(command)) {
      write(each);
    }
  }

  private static void show(String page) throws IOException, InterruptedException {
    if (Terminal.current().out()) {
      try {
        Process man =
            new ProcessBuilder("man", "-l", "-")
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = man.getOutputStream()) {
          in.write(page.getBytes(StandardCharsets.UTF_8));
        }
        if (man.waitFor() == 0) {
          return;
        }
      } catch (IOException e) {
        // No man here, or it was left before its end: the page itself can be read, too.
      }
    }
    System.out.print(page);
  }
}
