package farslot.cli;

import farslot.cli.output.ExitCode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Does what short commands do, for a JVM that keeps what it has loaded by then: see the script
 * {@code farslot}. Nobody sees the answers.
 */
@Command(name = "__train", hidden = true, description = "Load what short commands load.")
final class TrainCommand implements Callable<Integer> {
  private static final String[][] TYPICAL = {
    {"--help"},
    {"version"},
    {"list", "--help"},
    {"nonsense"},
    {"list", "--nonsense"},
    {"__complete", "--", "li"},
    {"__complete", "--", "get", "fu"},
  };

  @Override
  public Integer call() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      System.setOut(nowhere);
      System.setErr(nowhere);
      for (String[] command : TYPICAL) {
        Main.run(command);
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return ExitCode.OK;
  }
}
