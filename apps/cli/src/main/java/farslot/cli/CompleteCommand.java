package farslot.cli;

import farslot.cli.about.Completion;
import farslot.cli.fabric.LiveNames;
import farslot.cli.output.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What shells ask while somebody is typing. Says nothing rather than anything wrong or late. */
@Command(name = "__complete", hidden = true, description = "Say what may stand at a line's end.")
final class CompleteCommand implements Callable<Integer> {
  @Parameters(arity = "0..*")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    new Completion(Main.completing(words), LiveNames::of).of(words).forEach(System.out::println);
    return ExitCode.OK;
  }
}
